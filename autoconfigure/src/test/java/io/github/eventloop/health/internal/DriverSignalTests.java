package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.health.StartupState;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DriverSignal}, and that the {@link HealthPolicy} keeps an instance in
 * service whose driver is stuck.
 */
class DriverSignalTests {

	private static final Duration STUCK = Duration.ofSeconds(3);

	private static final Duration DEGRADED = HealthSettings.DEFAULT.degradedP99();

	private final DriverSignal signal = new DriverSignal(HealthSettings.DEFAULT);

	@Test
	void whenDriverIsStuckShouldNameIt() {
		assertThat(this.signal.judge(second(1).driver("lettuce-1", STUCK, false, false).build()))
			.isEqualTo(new Judgement(EventLoopStatus.DEGRADED, "lettuce-1 of lettuce has made no progress for 3 s"));
	}

	@Test
	void whenDriverLagsShouldNameIt() {
		assertThat(this.signal.judge(lagging(DEGRADED, false))).isEqualTo(
				new Judgement(EventLoopStatus.DEGRADED, "lettuce-1 of lettuce has a lag p99 of 50 ms over 10 s"));
		assertThat(this.signal.judge(lagging(DEGRADED.minusMillis(1), false))).isNull();
	}

	@Test
	void whenLagIsEstimatedShouldTolerateMoreOfIt() {
		assertThat(this.signal.judge(lagging(DEGRADED, true))).isNull();
		assertThat(this.signal.judge(lagging(HealthSettings.DEFAULT.overloadedP99(), true))).isNotNull();
	}

	@Test
	void whenDriverCountsShouldLeaveItToThePolicy() {
		assertThat(this.signal.judge(second(1).driver("lettuce-1", STUCK, true, false).build())).isNull();
	}

	@Test
	void whenAnotherLoopIsStuckShouldReturnNull() {
		assertThat(this.signal.judge(second(1).loop("reactor-http-1", LoopState.STALLED, STUCK).build())).isNull();
	}

	@Test
	void whenManyAreStuckShouldNameTheLongest() {
		TestSecond second = second(1);
		for (int i = 1; i <= 100; i++) {
			second.driver("lettuce-" + i, STUCK.plusSeconds(i), false, false);
		}
		Judgement judgement = this.signal.judge(second.build());
		assertThat(judgement).isNotNull();
		assertThat(judgement.reason()).startsWith("lettuce-100 of lettuce has made no progress for 103 s and ")
			.endsWith(" and 97 more loops of drivers are stuck or lag");
	}

	@Test
	void whenDriverStaysStuckInstanceShouldStayInServiceUnlessItCounts() {
		assertThat(lastOfStuckSeconds(false)).isEqualTo(EventLoopStatus.DEGRADED);
		assertThat(lastOfStuckSeconds(true)).isEqualTo(EventLoopStatus.STUCK);
	}

	private EventLoopStatus lastOfStuckSeconds(boolean counted) {
		HealthPolicy policy = new HealthPolicy(HealthSettings.DEFAULT, Duration.ofSeconds(10), () -> 0, null, true);
		EventLoopStatus status = null;
		for (int i = 1; i <= 60; i++) {
			// With requests, which another instance could handle.
			EventLoopSecond second = second(i).loop("reactor-http-1", LoopState.IDLE, Duration.ZERO)
				.driver("lettuce-1", (i <= 40) ? Duration.ZERO : Duration.ofSeconds(i - 40), counted, false)
				.build();
			Judgement judgement = this.signal.judge(second);
			HealthInput input = HealthInput.of(second, StartupState.READY,
					(judgement != null) ? List.of(judgement) : List.of());
			status = policy.judge(withRequests(input)).status();
		}
		return status;
	}

	private static HealthInput withRequests(HealthInput input) {
		return new HealthInput(input.at(), input.started(), input.ready(), input.lag(), input.handledLag(),
				input.utilization(), 100, input.window(), input.windowLag(), input.busyLoops(), input.signals());
	}

	private static EventLoopSecond lagging(Duration p99, boolean approximate) {
		return second(1).lag(p99).driver("lettuce-1", Duration.ZERO, false, approximate).build();
	}

	private static TestSecond second(int at) {
		return TestSecond.at(at);
	}

}
