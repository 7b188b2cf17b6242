package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.ReadinessGate;
import io.github.eventloop.health.ReadinessGate.Decision;
import io.github.eventloop.health.ReadinessGate.Departure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link GatedDepartures}.
 */
@ExtendWith(OutputCaptureExtension.class)
class GatedDeparturesTests {

	private static final Duration BOUND = Duration.ofSeconds(30);

	private final TestGate gate = new TestGate();

	private final GatedDepartures departures = new GatedDepartures(this.gate);

	@AfterEach
	void close() {
		this.gate.released.countDown();
		this.departures.close();
	}

	@Test
	void whenAskedForTheFirstTimeShouldNotWait() {
		this.gate.blocks = true;
		assertThat(decide(0)).isNull();
		assertThat(decide(4)).isNull();
	}

	@Test
	void shouldReturnTheDecision() {
		assertThat(awaitDecision(0)).isEqualTo(Decision.granted("enough remain"));
		assertThat(this.gate.departures).extracting(Departure::status, Departure::reason)
			.containsExactly(tuple(EventLoopStatus.STUCK, "a loop is stuck"));
		assertThat(this.gate.threads).containsExactly(GatedDepartures.THREAD_NAME);
	}

	@Test
	void whenRefusedShouldAskAgain() {
		this.gate.decision = Decision.refused("too few remain");
		assertThat(awaitDecision(0)).isEqualTo(Decision.refused("too few remain"));
		this.gate.decision = Decision.granted("enough remain");
		assertThat(awaitDecision(20)).isEqualTo(Decision.granted("enough remain"));
	}

	@Test
	void whenThereIsNoDecisionInTimeShouldRefuse() {
		this.gate.blocks = true;
		decide(0);
		assertThat(decide(5)).isEqualTo(Decision.refused("the readiness gate has not decided within 5 s"));
	}

	@Test
	void whenDecisionIsLateShouldGiveItBack() {
		this.gate.blocks = true;
		decide(0);
		awaitCall();
		decide(5);
		this.gate.released.countDown();
		await().atMost(BOUND).untilAsserted(() -> assertThat(this.gate.returns).hasSize(1));
	}

	@Test
	void whenItDoesNotWantToLeaveAnyMoreShouldGiveBackALateDecision() {
		this.gate.blocks = true;
		decide(0);
		awaitCall();
		this.departures.returned();
		assertThat(this.gate.returns).isEmpty();
		this.gate.released.countDown();
		await().atMost(BOUND).untilAsserted(() -> assertThat(this.gate.returns).hasSize(1));
	}

	@Test
	void whenItDoesNotWaitAnyMoreShouldNotAsk() {
		this.gate.blocks = true;
		decide(0);
		awaitCall();
		decide(5);
		decide(20);
		this.departures.returned();
		this.gate.released.countDown();
		await().atMost(BOUND).untilAsserted(() -> assertThat(this.gate.returns).hasSize(1));
		this.departures.close();
		assertThat(this.gate.departures).hasSize(1);
	}

	@Test
	void whenGateFailsShouldRefuseAndLog(CapturedOutput output) {
		this.gate.failure = new IllegalStateException("no such service");
		assertThat(awaitDecision(0)).isEqualTo(
				Decision.refused("the readiness gate failed with java.lang.IllegalStateException: no such service"));
		await().atMost(BOUND)
			.untilAsserted(
					() -> assertThat(output).contains("so this instance stays in service").contains("no such service"));
	}

	@Test
	void whenReturnedShouldTellTheGateOnce() {
		awaitDecision(0);
		this.departures.returned();
		this.departures.returned();
		await().atMost(BOUND).untilAsserted(() -> assertThat(this.gate.returns).hasSize(1));
		assertThat(this.departures.recalled()).isNull();
	}

	@Test
	void whenReturningFailsShouldLogAndAskAgainTheNextTime(CapturedOutput output) {
		awaitDecision(0);
		this.gate.failure = new IllegalStateException("not now");
		this.departures.returned();
		await().atMost(BOUND)
			.untilAsserted(() -> assertThat(output).contains("could not record that this instance is back in service"));
		this.gate.failure = null;
		assertThat(awaitDecision(20).granted()).isTrue();
	}

	@Test
	void whenRecalledShouldReturnTheReason() {
		awaitDecision(0);
		assertThat(this.departures.recalled()).isNull();
		this.gate.departures.get(0).recall().accept("too few remain");
		assertThat(this.departures.recalled()).isEqualTo("too few remain");
	}

	@Test
	void whenRecalledAfterItHasReturnedShouldIgnoreIt() {
		awaitDecision(0);
		this.departures.returned();
		this.gate.departures.get(0).recall().accept("too few remain");
		assertThat(this.departures.recalled()).isNull();
		awaitDecision(20);
		assertThat(this.departures.recalled()).isNull();
	}

	@Test
	void whenClosedWhileOutShouldReturn() {
		awaitDecision(0);
		this.departures.close();
		assertThat(this.gate.returns).hasSize(1);
	}

	@Test
	void whenClosedInServiceShouldNotCallTheGate() {
		this.departures.close();
		assertThat(this.gate.returns).isEmpty();
	}

	private void awaitCall() {
		await().atMost(BOUND).until(() -> !this.gate.departures.isEmpty());
	}

	private @Nullable Decision decide(int second) {
		return this.departures.decide(Duration.ofSeconds(second), EventLoopStatus.STUCK, "a loop is stuck");
	}

	private Decision awaitDecision(int second) {
		return await().atMost(BOUND).until(() -> decide(second), Objects::nonNull);
	}

	private static final class TestGate implements ReadinessGate {

		private final List<Departure> departures = new CopyOnWriteArrayList<>();

		private final List<String> threads = new CopyOnWriteArrayList<>();

		private final List<String> returns = new CopyOnWriteArrayList<>();

		private final CountDownLatch released = new CountDownLatch(1);

		private volatile boolean blocks;

		private volatile Decision decision = Decision.granted("enough remain");

		private volatile @Nullable RuntimeException failure;

		@Override
		public Decision leave(Departure departure) throws InterruptedException {
			this.departures.add(departure);
			this.threads.add(Thread.currentThread().getName());
			if (this.blocks) {
				this.released.await(BOUND.toSeconds(), TimeUnit.SECONDS);
			}
			fail();
			return this.decision;
		}

		@Override
		public void returned() {
			fail();
			this.returns.add(Thread.currentThread().getName());
		}

		private void fail() {
			RuntimeException failure = this.failure;
			if (failure != null) {
				throw failure;
			}
		}

	}

}
