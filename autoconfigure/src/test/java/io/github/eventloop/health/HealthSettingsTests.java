package io.github.eventloop.health;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.health.internal.PolicyRun;
import io.github.eventloop.monitor.InvalidSettingException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link HealthSettings}.
 */
class HealthSettingsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", value = {
	// @formatter:off
			"PT-1S  | PT0.01S | PT0.2S | -   | PT2S | PT3S   | PT10S  | PT30S | PT2M    | PT0S | 'degradedP99' must be longer than 0 but is -1s",
			"PT0S   | PT0.01S | PT0.2S | -   | PT2S | PT3S   | PT10S  | PT30S | PT2M    | PT0S | 'degradedP99' must be longer than 0 but is 0s",
			"PT0.3S | PT0.01S | PT0.2S | -   | PT2S | PT3S   | PT10S  | PT30S | PT2M    | PT0S | 'degradedP99' must not be longer than the overloaded p99 of 200ms but is 300ms",
			"PT0.1S | PT0S    | PT0.2S | -   | PT2S | PT3S   | PT10S  | PT30S | PT2M    | PT0S | 'degradedP50' must be longer than 0 but is 0s",
			"PT0.1S | PT0.01S | PT-2S  | -   | PT2S | PT3S   | PT10S  | PT30S | PT2M    | PT0S | 'overloadedP99' must be longer than 0 but is -2s",
			"PT0.1S | PT0.01S | PT0.2S | 0   | PT2S | PT3S   | PT10S  | PT30S | PT2M    | PT0S | 'overloadedUtilization' must be more than 0 and at most 1 but is 0.0",
			"PT0.1S | PT0.01S | PT0.2S | 1.1 | PT2S | PT3S   | PT10S  | PT30S | PT2M    | PT0S | 'overloadedUtilization' must be more than 0 and at most 1 but is 1.1",
			"PT0.1S | PT0.01S | PT0.2S | NaN | PT2S | PT3S   | PT10S  | PT30S | PT2M    | PT0S | 'overloadedUtilization' must be more than 0 and at most 1 but is NaN",
			"PT0.1S | PT0.01S | PT0.2S | -   | PT0S | PT3S   | PT10S  | PT30S | PT2M    | PT0S | 'stuckAfter' must be at least 100ms but is 0s",
			"PT0.1S | PT0.01S | PT0.2S | -   | PT2S | PT0S   | PT10S  | PT30S | PT2M    | PT0S | 'tripAfter' must be in whole seconds and at least 1s but is 0s",
			"PT0.1S | PT0.01S | PT0.2S | -   | PT2S | PT1.5S | PT10S  | PT30S | PT2M    | PT0S | 'tripAfter' must be in whole seconds and at least 1s but is 1500ms",
			"PT0.1S | PT0.01S | PT0.2S | -   | PT2S | PT3S   | PT0.9S | PT30S | PT2M    | PT0S | 'recoverAfter' must be at least 1s but is 900ms",
			"PT0.1S | PT0.01S | PT0.2S | -   | PT2S | PT3S   | PT10S  | PT-1S | PT2M    | PT0S | 'startupGrace' must be 0 or at least 1s but is -1s",
			"PT0.1S | PT0.01S | PT0.2S | -   | PT2S | PT3S   | PT10S  | PT30S | PT0.9S  | PT0S | 'maxOutOfService' must be at least 1s but is 900ms",
			"PT0.1S | PT0.01S | PT0.2S | -   | PT2S | PT3S   | PT10S  | PT30S | PT2M    | PT-1S | 'leaveWithin' must be 0 or at least 1s but is -1s"
	// @formatter:on
	})
	void whenSettingIsInvalidShouldNameItAndTheRule(Duration degradedP99, Duration degradedP50, Duration overloadedP99,
			@Nullable Double overloadedUtilization, Duration stuckAfter, Duration tripAfter, Duration recoverAfter,
			Duration startupGrace, Duration maxOutOfService, Duration leaveWithin, String message) {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> new HealthSettings(degradedP99, degradedP50, overloadedP99, overloadedUtilization,
					stuckAfter, tripAfter, recoverAfter, startupGrace, maxOutOfService, leaveWithin))
			.withMessage(message);
	}

	@Test
	void whenSettingsAreAtTheirLimitsShouldAccept() {
		assertThatNoException().isThrownBy(() -> new HealthSettings(Duration.ofMillis(200), Duration.ofNanos(1),
				Duration.ofMillis(200), 1.0, Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(1),
				Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO));
	}

	@Test
	void checkedForShouldAcceptAWindowThatIsLongEnough() {
		assertThat(HealthSettings.DEFAULT.checkedFor(Duration.ofSeconds(3))).isSameAs(HealthSettings.DEFAULT);
	}

	@Test
	void checkedForShouldRejectAShorterWindow() {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> HealthSettings.DEFAULT.checkedFor(Duration.ofMillis(2999)))
			.withMessage("'tripAfter' must not be longer than the window of 2999ms but is 3s");
	}

	@Test
	void whenDurationsAreHugeShouldJudge() {
		Duration huge = Duration.ofSeconds(Long.MAX_VALUE);
		PolicyRun run = new PolicyRun(
				new HealthSettings(huge, huge, huge, null, huge, Duration.ofSeconds(1), huge, huge, huge, huge));
		assertThat(run.stuck(5000).status()).isEqualTo(EventLoopStatus.STARTING);
		PolicyRun overloaded = new PolicyRun(new HealthSettings(Duration.ofMillis(50), Duration.ofMillis(10),
				Duration.ofMillis(200), null, huge, Duration.ofSeconds(1), huge, Duration.ZERO, huge, huge));
		assertThat(overloaded.lag(300).status()).isEqualTo(EventLoopStatus.OVERLOADED);
		overloaded.times(100, () -> overloaded.lag(1));
		assertThat(overloaded.last().reason())
			.startsWith("no trouble for 100 s; back in service in 9223372036854676 s");
	}

}
