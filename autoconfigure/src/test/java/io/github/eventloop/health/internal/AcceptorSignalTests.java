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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AcceptorSignal}.
 */
class AcceptorSignalTests {

	private static final Duration LONG = Duration.ofMillis(800);

	private final AcceptorSignal signal = new AcceptorSignal();

	private int second;

	@Test
	void whenAcceptorIsStalledShouldReportIt() {
		assertThat(judge(second().loop("loop-1", LoopState.STALLED, LONG, LoopRole.ACCEPTOR, 62)))
			.isEqualTo(new Judgement(EventLoopStatus.DEGRADED,
					"loop-1, which accepts connections, is stalled while 62 wait for it"));
	}

	@Test
	void whenWaitingConnectionsAreUnknownShouldStillReportStalledAcceptor() {
		assertThat(judge(second().loop("loop-1", LoopState.STALLED, LONG, LoopRole.ACCEPTOR, null)))
			.isEqualTo(new Judgement(EventLoopStatus.DEGRADED, "loop-1, which accepts connections, is stalled"));
	}

	@Test
	void whenAnotherLoopIsStalledShouldReturnNull() {
		assertThat(judge(second().loop("loop-1", LoopState.IDLE, Duration.ZERO, LoopRole.ACCEPTOR, 0)
			.loop("loop-2", LoopState.STALLED, LONG, LoopRole.SERVER, null))).isNull();
	}

	@Test
	void whenStallIsShortShouldReturnNull() {
		assertThat(judge(second().loop("loop-1", LoopState.STALLED, Duration.ofMillis(200), LoopRole.ACCEPTOR, 3)))
			.isNull();
	}

	@Test
	void whenManyConnectionsWaitAndTheirNumberDoesNotFallShouldReportIt() {
		Judgement judgement = new Judgement(EventLoopStatus.DEGRADED,
				"50 connections are waiting to be accepted, and their number is not falling");
		assertThat(judge(waiting(0))).isNull();
		assertThat(judge(waiting(15))).isNull();
		assertThat(judge(waiting(20))).isNull();
		assertThat(judge(waiting(50))).isEqualTo(judgement);
		// The queue is full.
		assertThat(judge(waiting(50))).isEqualTo(judgement);
		assertThat(judge(waiting(49))).isNull();
	}

	@Test
	void whenFewConnectionsWaitShouldReturnNull() {
		for (int i = 0; i < 10; i++) {
			assertThat(judge(waiting(9))).isNull();
		}
	}

	@Test
	void whenNumberOfWaitingConnectionsFluctuatesShouldReturnNull() {
		for (int i = 0; i < 10; i++) {
			assertThat(judge(waiting(70))).isNull();
			assertThat(judge(waiting(0))).isNull();
		}
	}

	@Test
	void whenOutOfServiceReasonShouldMentionTheAcceptor() {
		HealthPolicy policy = new HealthPolicy(HealthSettings.DEFAULT, Duration.ofSeconds(10), () -> 0, null, true);
		TestSecond stuck = second().loop("loop-1", LoopState.STALLED, Duration.ofSeconds(4), LoopRole.ACCEPTOR, 62);
		Judgement judgement = policy.judge(HealthInput.of(stuck.build(), StartupState.READY,
				new HealthSignals(List.of(this.signal)).judge(stuck.build())));
		assertThat(judgement.status()).isEqualTo(EventLoopStatus.STUCK);
		assertThat(judgement.reason()).startsWith("loop-1 has made no progress for 4 s"
				+ " and loop-1, which accepts connections, is stalled while 62 wait for it");
	}

	private TestSecond second() {
		return TestSecond.at(this.second++);
	}

	private TestSecond waiting(int connections) {
		return second().loop("loop-1", LoopState.IDLE, Duration.ZERO, LoopRole.ACCEPTOR, connections);
	}

	private @Nullable Judgement judge(TestSecond second) {
		return this.signal.judge(second.build());
	}

}
