package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.internal.thread.LogThread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link HealthSignals}.
 */
@ExtendWith(OutputCaptureExtension.class)
class HealthSignalsTests {

	private static final Judgement DEGRADED = new Judgement(EventLoopStatus.DEGRADED, "some work waits");

	private static final Judgement STUCK = new Judgement(EventLoopStatus.STUCK, "no work is done");

	@Test
	void shouldCallInOrderAndLeaveOutSignalsWithoutAJudgement() {
		HealthSignals signals = new HealthSignals(List.of((second) -> STUCK, (second) -> null,
				(second) -> new Judgement(EventLoopStatus.HEALTHY, "all is well"),
				(second) -> new Judgement(EventLoopStatus.STARTING, "all is well"), (second) -> DEGRADED));
		assertThat(signals.judge(second(0))).containsExactly(STUCK, DEGRADED);
	}

	@Test
	void shouldPassTheSecondToSignals() {
		HealthSignals signals = new HealthSignals(
				List.of((second) -> new Judgement(EventLoopStatus.DEGRADED, "utilization is " + second.utilization())));
		assertThat(signals.judge(TestSecond.at(1).utilization(0.5).build())).extracting(Judgement::reason)
			.containsExactly("utilization is 0.5");
	}

	@Test
	void whenOneThrowsShouldCallTheOthers(CapturedOutput output) {
		HealthSignals signals = new HealthSignals(List.of((second) -> {
			throw new AssertionError("not today");
		}, (second) -> DEGRADED));
		assertThat(signals.judge(second(0))).containsExactly(DEGRADED);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(output).contains("WARN", HealthSignalsTests.class.getName(),
					"is ignored for this second (failure 1 so far", "not today"));
	}

	@Test
	void whenOneKeepsThrowingShouldLogItOnce(CapturedOutput output) {
		HealthSignals signals = new HealthSignals(List.of((second) -> {
			throw new IllegalStateException("not today");
		}));
		for (int second = 0; second < 120; second++) {
			signals.judge(second(second));
		}
		LogThread.flush();
		assertThat(output).containsOnlyOnce("is ignored for this second (failure 1 so far");
	}

	@Test
	@SuppressWarnings("NullAway")
	void whenJudgementHasNoStatusOrReasonShouldFail() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Judgement(null, "why"))
			.withMessage("'status' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> new Judgement(EventLoopStatus.STUCK, " "))
			.withMessage("'reason' must not be empty");
	}

	private static EventLoopSecond second(long at) {
		return TestSecond.at(at).lag(Duration.ZERO).build();
	}

}
