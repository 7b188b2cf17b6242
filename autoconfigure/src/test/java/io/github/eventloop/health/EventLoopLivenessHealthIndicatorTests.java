package io.github.eventloop.health;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import io.github.eventloop.health.internal.TestSecond;
import io.github.eventloop.health.internal.TestSettings;
import io.github.eventloop.health.internal.TestStartup;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link EventLoopLivenessHealthIndicator}.
 */
class EventLoopLivenessHealthIndicatorTests {

	private final EventLoopHealth health = new EventLoopHealth(new EventLoopMonitor(MonitorSettings.DEFAULT),
			new TestSettings().startupGrace(0).build(), (event) -> {
			});

	@AfterEach
	void stop() {
		this.health.destroy();
	}

	@Test
	void whenNotJudgedYetShouldBeUp() {
		assertThat(check().getStatus()).isEqualTo(Status.UP);
	}

	@ParameterizedTest
	@CsvSource({ "59999, UP", "60000, DOWN", "3600000, DOWN" })
	void shouldBeDownAtOrAboveTheAge(long millis, String expected) {
		this.health.onSecond(TestSecond.at(0)
			.loop("one", LoopState.STALLED, Duration.ofMillis(millis))
			.loop("two", LoopState.STALLED, Duration.ofSeconds(30))
			.build());
		assertThat(check().getStatus().getCode()).isEqualTo(expected);
		assertThat(check().getDetails()).containsEntry("stuckLoops",
				expected.equals("UP") ? List.of() : List.of("one"));
	}

	@Test
	void whenApplicationIsNotReadyShouldBeUp() {
		EventLoopHealth starting = new EventLoopHealth(new EventLoopMonitor(MonitorSettings.DEFAULT),
				new TestSettings().startupGrace(0).build(), (event) -> {
				}, List.of(), new TestStartup(() -> false, null), null, true);
		try {
			starting.onSecond(TestSecond.at(0).loop("one", LoopState.STALLED, Duration.ofMinutes(5)).build());
			assertThat(check(starting).getStatus()).isEqualTo(Status.UP);
		}
		finally {
			starting.destroy();
		}
	}

	@Test
	void whenLoopOfTheManagementPortIsStuckShouldBeUp() {
		this.health.onSecond(TestSecond.at(0)
			.loop("one", LoopState.STALLED, Duration.ofHours(1), LoopRole.MANAGEMENT, null)
			.build());
		assertThat(check().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void whenOverloadedShouldBeUp() {
		for (int second = 0; second < 3; second++) {
			this.health.onSecond(TestSecond.at(second).lag(Duration.ofMinutes(5)).build());
		}
		assertThat(this.health.status()).isEqualTo(EventLoopStatus.OVERLOADED);
		assertThat(check().getStatus()).isEqualTo(Status.UP);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-1S", "PT0.999S" })
	void whenAgeIsTooShortShouldFail(Duration stuckAfter) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new EventLoopLivenessHealthIndicator(this.health, stuckAfter))
			.withMessageStartingWith("'stuckAfter' must be at least 1s but is");
	}

	private Health check() {
		return check(this.health);
	}

	private static Health check(EventLoopHealth health) {
		EventLoopLivenessHealthIndicator indicator = new EventLoopLivenessHealthIndicator(health,
				Duration.ofSeconds(60));
		Health result = indicator.health().block(Duration.ofSeconds(5));
		assertThat(result).isNotNull();
		return result;
	}

}
