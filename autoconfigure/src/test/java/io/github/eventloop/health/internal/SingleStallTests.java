package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.health.StartupState;
import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how a {@link HealthPolicy} judges stalls as a monitor reports them, whenever
 * within a second they begin.
 */
class SingleStallTests {

	private static final long SECOND_MILLIS = 1000;

	private final ManualMonitor time = new ManualMonitor();

	private final List<ManualLoop> loops = new ArrayList<>();

	private HealthPolicy policy;

	/** The part of the current second that has passed, in milliseconds. */
	private long passed;

	private Judgement last;

	private boolean wasOut;

	@BeforeEach
	void listen() {
		this.time.monitor().addListener(new EventLoopListener() {

			@Override
			public void onSecond(EventLoopSecond second) {
				SingleStallTests.this.last = SingleStallTests.this.policy
					.judge(HealthInput.of(second, StartupState.READY, List.of()));
				SingleStallTests.this.wasOut |= !SingleStallTests.this.last.status().isInService();
			}

		});
	}

	/** Stalls one of several loops, or all of them at the same time. */
	@ParameterizedTest
	@CsvSource({ "1, 1, 2000, 3", "4, 1, 2000, 3", "4, 4, 2000, 3", "1, 1, 5000, 3", "1, 1, 9000, 2", "3, 2, 2000, 2" })
	void whenStallIsShorterThanStuckAfterShouldStayInService(int number, int stalled, int stuckAfterMillis,
			int tripAfterSeconds) {
		for (int i = 0; i < number; i++) {
			this.loops.add(this.time.addLoop("test", "loop-" + i).start().carrying(1));
		}
		int step = stuckAfterMillis / 20;
		for (int phase = 0; phase < SECOND_MILLIS; phase += 10) {
			for (int length = step; length <= stuckAfterMillis; length += step) {
				judgeBy(settings(stuckAfterMillis, tripAfterSeconds));
				pass(phase);
				stall(stalled, Math.min(length, stuckAfterMillis - 1));
				pass(2 * SECOND_MILLIS - this.passed);
				assertThat(this.wasOut).as("%d ms from %d ms of a second on: %s", length, phase, this.last).isFalse();
			}
		}
	}

	/** Applies to long stalls as well as to short ones that make every second bad. */
	@ParameterizedTest
	@CsvSource({ "250, 100, 2000, 4", "400, 0, 2000, 4", "700, 300, 2000, 4", "1300, 100, 2000, 5",
			"1900, 100, 2000, 6", "1990, 1300, 2000, 8", "4900, 100, 5000, 9", "9000, 1000, 10000, 14",
			"30000, 500, 60000, 34" })
	void whenStallsRepeatShouldLeave(int lengthMillis, int pauseMillis, int stuckAfterMillis, int withinSeconds) {
		this.loops.add(this.time.addLoop("test", "loop").start().carrying(1));
		for (int phase = 0; phase < SECOND_MILLIS; phase += 50) {
			judgeBy(settings(stuckAfterMillis, 3));
			pass(SECOND_MILLIS + phase);
			long startedAt = this.time.now();
			while (!this.wasOut) {
				stall(1, lengthMillis);
				pass(pauseMillis);
			}
			assertThat(this.last.status()).isEqualTo(EventLoopStatus.OVERLOADED);
			// The stall during which it left has been simulated to its end.
			assertThat(Duration.ofNanos(this.time.now() - startedAt))
				.isLessThanOrEqualTo(Duration.ofSeconds(withinSeconds).plusMillis(lengthMillis + pauseMillis));
			pass(2 * SECOND_MILLIS - this.passed);
		}
	}

	private void judgeBy(HealthSettings settings) {
		this.policy = new HealthPolicy(settings, Duration.ofSeconds(10), () -> 0, null, true);
		this.wasOut = false;
	}

	private void stall(int number, long millis) {
		this.loops.stream().limit(number).forEach(ManualLoop::busy);
		pass(millis);
		this.loops.stream().limit(number).forEach(ManualLoop::idle);
	}

	/** Let time pass, and end the seconds in it. */
	private void pass(long millis) {
		long left = millis;
		while (this.passed + left >= SECOND_MILLIS) {
			this.time.pass(Duration.ofMillis(SECOND_MILLIS - this.passed));
			left -= SECOND_MILLIS - this.passed;
			this.passed = 0;
			this.time.endSecond();
		}
		this.time.pass(Duration.ofMillis(left));
		this.passed += left;
	}

	private static HealthSettings settings(int stuckAfterMillis, int tripAfterSeconds) {
		HealthSettings defaults = HealthSettings.DEFAULT;
		return new HealthSettings(defaults.degradedP99(), defaults.degradedP50(), defaults.overloadedP99(), null,
				Duration.ofMillis(stuckAfterMillis), Duration.ofSeconds(tripAfterSeconds), defaults.recoverAfter(),
				Duration.ZERO, defaults.maxOutOfService(), Duration.ZERO);
	}

}
