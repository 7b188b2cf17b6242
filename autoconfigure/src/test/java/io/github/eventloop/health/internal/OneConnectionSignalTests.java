package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.health.StartupState;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.TestStall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OneConnectionSignal}.
 */
class OneConnectionSignalTests {

	private final OneConnectionSignal signal = new OneConnectionSignal(HealthSettings.DEFAULT);

	@Test
	void whenOneConnectionStalledALoopShouldReportItOnce() {
		this.signal.onStallEnded(stall(300));
		assertThat(judge(LoopRole.SERVER))
			.isEqualTo(new Judgement(EventLoopStatus.DEGRADED, "loop-1 was busy with one connection for 300 ms"));
		assertThat(judge(LoopRole.SERVER)).isNull();
	}

	@Test
	void whenThereAreSeveralStallsShouldReportTheLongest() {
		List.of(250, 900, 300).forEach((millis) -> this.signal.onStallEnded(stall(millis)));
		assertThat(judge(LoopRole.SERVER)).extracting(Judgement::reason)
			.isEqualTo("loop-1 was busy with one connection for 900 ms");
	}

	@Test
	void whenStallIsShortShouldReturnNull() {
		this.signal.onStallEnded(stall(199));
		assertThat(judge(LoopRole.SERVER)).isNull();
	}

	@Test
	void whenStallHasAnotherCauseShouldReturnNull() {
		this.signal.onStallEnded(TestStall.withoutCulprit(1, StallCause.FLOOD, Duration.ofSeconds(1)));
		assertThat(judge(LoopRole.SERVER)).isNull();
	}

	@Test
	void whenLoopDoesNotCountShouldReturnNull() {
		this.signal.onStallEnded(stall(300));
		assertThat(judge(LoopRole.MANAGEMENT)).isNull();
	}

	@Test
	void whenOutOfServiceReasonShouldMentionTheConnection() {
		HealthPolicy policy = new HealthPolicy(HealthSettings.DEFAULT, Duration.ofSeconds(10), () -> 0, null, true);
		TestSecond stuck = TestSecond.at(40).loop("loop-1", LoopState.STALLED, Duration.ofSeconds(4));
		this.signal.onStallEnded(stall(300));
		Judgement judgement = policy.judge(HealthInput.of(stuck.build(), StartupState.READY,
				new HealthSignals(List.of(this.signal)).judge(stuck.build())));
		assertThat(judgement.reason())
			.startsWith("loop-1 has made no progress for 4 s and loop-1 was busy with one connection for 300 ms");
	}

	private @Nullable Judgement judge(LoopRole role) {
		return this.signal.judge(TestSecond.at(40).loop("loop-1", LoopState.IDLE, Duration.ZERO, role, null).build());
	}

	private static Stall stall(long millis) {
		Stall stall = TestStall.ofOneConnection(StallCause.FLOOD, 500);
		return stall.at(Duration.ofMillis(millis), stall.samples());
	}

}
