package io.github.eventloop.health.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.health.ReadinessGate.Decision;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HealthPolicy}: whether a gate lets an instance in trouble leave
 * service.
 */
class GatedLeavingTests {

	private final TestDepartures departures = new TestDepartures();

	private final PolicyRun run = new PolicyRun(new TestSettings().leaveWithin(30).build(), () -> 0, this.departures)
		.requests(100)
		.start();

	@Test
	void whenThereIsNoDecisionShouldStayAndSaySo() {
		overloadRun();
		assertThat(this.run.last()).isEqualTo(degraded("lag p99 up to 300 ms in 3 of the last 4 seconds; "
				+ "asking whether this instance may leave service"));
	}

	@Test
	void whenGrantedShouldLeaveAtOnce() {
		this.departures.decision = Decision.granted("enough remain");
		overloadRun();
		assertThat(this.run.last().status()).isEqualTo(EventLoopStatus.OVERLOADED);
		assertThat(this.departures.asked).isEqualTo("OVERLOADED: lag p99 up to 300 ms in 3 of the last 4 seconds");
	}

	@Test
	void whenRefusedShouldStayAndAskAgainLater() {
		this.departures.decision = Decision.refused("too few remain");
		overloadRun();
		assertThat(this.run.last()).isEqualTo(degraded("lag p99 up to 300 ms in 3 of the last 4 seconds, "
				+ "but staying in service for another 10 s: too few remain"));
		this.departures.decision = Decision.granted("enough remain");
		this.run.times(9, () -> assertThat(this.run.lag(300).status()).isEqualTo(EventLoopStatus.DEGRADED));
		assertThat(this.run.lag(300).status()).isEqualTo(EventLoopStatus.OVERLOADED);
	}

	@Test
	void whenRefusedShouldDrainOnlyIfRequestsHadRisen() {
		this.departures.decision = Decision.refused("too few remain");
		this.run.settle();
		overloadRun();
		assertThat(this.run.policy().isDraining()).isFalse();
		this.run.requests(200).times(5, () -> this.run.lag(300));
		assertThat(this.run.policy().isDraining()).isTrue();
		this.run.requests(50).times(10, () -> this.run.lag(300));
		assertThat(this.run.policy().isDraining()).isTrue();
	}

	@Test
	void whenGrantedShouldNotDrainBeforeARecallIsUnlikely() {
		this.departures.decision = Decision.granted("enough remain");
		overloadRun();
		assertThat(this.run.policy().isDraining()).isFalse();
		this.run.lag(300);
		assertThat(this.run.policy().isDraining()).isFalse();
		this.run.lag(300);
		assertThat(this.run.policy().isDraining()).isTrue();
	}

	@Test
	void whenRecalledShouldReturnAndStayForAWhile() {
		this.departures.decision = Decision.granted("enough remain");
		overloadRun();
		this.departures.recalled = "too few remain";
		assertThat(this.run.lag(300)).isEqualTo(degraded("lag p99 300 ms over 10 s; back in service: too few remain"));
		assertThat(this.departures.returns).isEqualTo(1);
		this.run.times(2, () -> this.run.lag(300));
		assertThat(this.run.last().reason()).endsWith("but staying in service for another 8 s: too few remain");
	}

	@Test
	void whenRecoveredShouldGiveBack() {
		this.departures.decision = Decision.granted("enough remain");
		overloadRun();
		this.run.times(10, () -> this.run.lag(1));
		assertThat(this.run.last().status().isInService()).isTrue();
		assertThat(this.departures.returns).isEqualTo(1);
	}

	@Test
	void whenTroubleEndsBeforeTheDecisionShouldGiveBack() {
		overloadRun();
		this.run.times(8, () -> this.run.lag(1));
		assertThat(this.departures.returns).isEqualTo(1);
	}

	@Test
	void whenAllLoopsHaveEndedShouldGiveBack() {
		this.departures.decision = Decision.granted("enough remain");
		overloadRun();
		this.run.noLoop();
		assertThat(this.departures.returns).isEqualTo(1);
	}

	private void overloadRun() {
		this.run.times(3, () -> this.run.lag(300));
	}

	private static Judgement degraded(String reason) {
		return new Judgement(EventLoopStatus.DEGRADED, reason);
	}

	private static final class TestDepartures implements Departures {

		private @Nullable Decision decision;

		private @Nullable String recalled;

		private String asked = "";

		private int returns;

		@Override
		public @Nullable Decision decide(Duration now, EventLoopStatus status, String reason) {
			this.asked = status + ": " + reason;
			return this.decision;
		}

		@Override
		public @Nullable String recalled() {
			return this.recalled;
		}

		@Override
		public void returned() {
			this.recalled = null;
			this.returns++;
		}

	}

}
