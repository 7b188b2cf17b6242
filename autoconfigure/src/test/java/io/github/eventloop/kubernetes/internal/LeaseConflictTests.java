package io.github.eventloop.kubernetes.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.health.ReadinessGate.Decision;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServiceRecord} with several pods that use the same Lease.
 */
@TestInstance(Lifecycle.PER_CLASS)
class LeaseConflictTests {

	private final TestCluster cluster = new TestCluster();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	/** Loads the classes, so that the time limits of the tests are for requests only. */
	@BeforeAll
	void warmUp() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		TestCluster.leave(this.cluster.gate("a"));
		this.cluster.reset();
	}

	@AfterEach
	void resetCluster() throws Exception {
		this.cluster.reset();
	}

	@AfterAll
	void closeCluster() throws Exception {
		this.threads.shutdownNow();
		this.cluster.close();
	}

	@RepeatedTest(3)
	void whenTwoOfThreeLeaveAtOnceOneShouldBeGranted() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		List<Decision> decisions = race(gates("a", "b"));
		assertThat(decisions).filteredOn(Decision::granted).hasSize(1);
		assertThat(this.cluster.out("shop")).hasSize(1);
		assertThat(this.cluster.lease("shop").getSpec().getHolderIdentity()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "60, 2", "80, 1", "0, 5", "100, 0", "20, 4" })
	void whenAllFiveLeaveAtOnceAsManyAsPossibleShouldBeGranted(int percent, int granted) throws Exception {
		this.cluster.service("shop", "a", "b", "c", "d", "e");
		List<Decision> decisions = race(
				Stream.of("a", "b", "c", "d", "e").map((pod) -> this.cluster.gate(pod, percent)).toList());
		assertThat(decisions).filteredOn(Decision::granted).hasSize(granted);
		assertThat(this.cluster.out("shop")).hasSize(granted);
	}

	@Test
	void whenTheyLeaveAndReturnAtOnceThereShouldNeverBeTooFew() throws Exception {
		this.cluster.service("shop", "a", "b", "c", "d", "e");
		List<KubernetesReadinessGate> gates = gates("a", "b", "c", "d", "e");
		List<Future<Integer>> results = new ArrayList<>();
		for (KubernetesReadinessGate gate : gates) {
			results.add(this.threads.submit(() -> {
				int most = 0;
				for (int i = 0; i < 4; i++) {
					if (TestCluster.leave(gate).granted()) {
						most = Math.max(most, this.cluster.out("shop").size());
						gate.returned();
					}
				}
				return most;
			}));
		}
		for (Future<Integer> result : results) {
			assertThat(result.get(30, TimeUnit.SECONDS)).isLessThanOrEqualTo(2);
		}
		assertThat(this.cluster.out("shop")).isEmpty();
	}

	@Test
	void whenAnotherPodHoldsTheLeaseShouldStay() throws Exception {
		this.cluster.times = shortBudget();
		this.cluster.service("shop", "a", "b", "c");
		this.cluster.create(heldBy("b", InstantSource.fixed(TestCluster.NOW)));
		assertThat(TestCluster.leave(this.cluster.gate("a")))
			.isEqualTo(Decision.refused("another instance, b, is leaving the service shop"));
		assertThat(this.cluster.lease("shop").getSpec().getHolderIdentity()).isEqualTo("b");
	}

	@Test
	void whenTheHolderReleasesTheLeaseInTimeShouldLeave() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		this.cluster.create(heldBy("b", InstantSource.fixed(TestCluster.NOW)));
		KubernetesReadinessGate gate = this.cluster.gate("a");
		Future<Decision> decision = this.threads.submit(() -> TestCluster.leave(gate));
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.until(() -> this.cluster.requests()
				.stream()
				.filter((request) -> request.endsWith("/leases/eventloop-shop"))
				.count() > 1);
		this.cluster.update(new LeaseRecord(this.cluster.lease("shop")).released());
		assertThat(decision.get(10, TimeUnit.SECONDS).granted()).isTrue();
	}

	/** A holder that dies blocks the others until its Lease expires, and not longer. */
	@ParameterizedTest
	@ValueSource(longs = { -3600, 3600 })
	void whenTheHolderHasDiedShouldTakeOverByTheOwnClock(long ahead) throws Exception {
		this.cluster.times = shortBudget();
		this.cluster.service("shop", "a", "b", "c");
		this.cluster.create(heldBy("dead", InstantSource.fixed(TestCluster.NOW.plusSeconds(ahead))));
		KubernetesReadinessGate gate = this.cluster.gate("a");
		assertThat(TestCluster.leave(gate).granted()).isFalse();
		this.cluster.advance(Duration.ofMillis(14_999));
		assertThat(TestCluster.leave(gate).granted()).isFalse();
		this.cluster.advance(Duration.ofMillis(1));
		assertThat(TestCluster.leave(gate).granted()).isTrue();
		assertThat(this.cluster.lease("shop").getSpec().getLeaseTransitions()).isEqualTo(1);
	}

	@Test
	void whenOthersReturnMeanwhileADeadHolderShouldStillExpire() throws Exception {
		this.cluster.times = shortBudget();
		this.cluster.service("shop", "a", "b", "c", "d", "e");
		KubernetesReadinessGate other = this.cluster.gate("b");
		assertThat(TestCluster.leave(other).granted()).isTrue();
		this.cluster.update(new LeaseRecord(this.cluster.lease("shop")).acquiredBy("dead", Duration.ofSeconds(15),
				TestCluster.NOW));
		KubernetesReadinessGate gate = this.cluster.gate("a");
		assertThat(TestCluster.leave(gate).granted()).isFalse();
		this.cluster.advance(Duration.ofSeconds(10));
		other.returned();
		assertThat(this.cluster.lease("shop").getSpec().getHolderIdentity()).isEqualTo("dead");
		this.cluster.advance(Duration.ofSeconds(5));
		assertThat(TestCluster.leave(gate).granted()).isTrue();
	}

	@Test
	void whenTheHolderIsReplacedByAnotherShouldWaitAnew() throws Exception {
		this.cluster.times = shortBudget();
		this.cluster.service("shop", "a", "b", "c");
		this.cluster.create(heldBy("b", InstantSource.fixed(TestCluster.NOW)));
		KubernetesReadinessGate gate = this.cluster.gate("a");
		assertThat(TestCluster.leave(gate).granted()).isFalse();
		this.cluster.advance(Duration.ofSeconds(15));
		this.cluster.update(
				new LeaseRecord(this.cluster.lease("shop")).acquiredBy("c", Duration.ofSeconds(15), TestCluster.NOW));
		assertThat(TestCluster.leave(gate).reason()).startsWith("another instance, c,");
	}

	/** The one that was suspended finds out when it records its departure. */
	@Test
	void whenTheLeaseIsTakenOverMeanwhileShouldDecideAnew() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		KubernetesReadinessGate gate = this.cluster.gate("a");
		this.cluster.before(TestCluster.method("GET", "labelSelector"),
				() -> this.cluster.update(new LeaseRecord(this.cluster.lease("shop"))
					.decided(RecordedPods.NONE.with("b", TestCluster.NOW), RecordedPods.NONE, null)));
		assertThat(TestCluster.leave(gate).granted()).isFalse();
		assertThat(this.cluster.out("shop")).containsExactly("b");
	}

	@Test
	void whenAnotherPodCreatesTheLeaseFirstShouldUseIt() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		KubernetesReadinessGate gate = this.cluster.gate("a");
		this.cluster.before(TestCluster.method("POST", "/leases"),
				() -> this.cluster.create(new LeaseRecord(heldBy("b", InstantSource.fixed(TestCluster.NOW)))
					.decided(RecordedPods.NONE.with("b", TestCluster.NOW), RecordedPods.NONE, null)));
		assertThat(TestCluster.leave(gate).granted()).isFalse();
		assertThat(this.cluster.out("shop")).containsExactly("b");
	}

	@Test
	void whenThePodItselfHoldsTheLeaseSinceBeforeARestartShouldUseIt() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		this.cluster.create(heldBy("a", InstantSource.fixed(TestCluster.NOW)));
		assertThat(TestCluster.leave(this.cluster.gate("a")).granted()).isTrue();
		assertThat(this.cluster.lease("shop").getSpec().getHolderIdentity()).isNull();
	}

	@Test
	void whenAnotherPodHoldsTheLeaseShouldReturnNevertheless() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		KubernetesReadinessGate gate = this.cluster.gate("a");
		assertThat(TestCluster.leave(gate).granted()).isTrue();
		this.cluster.update(
				new LeaseRecord(this.cluster.lease("shop")).acquiredBy("b", Duration.ofSeconds(15), TestCluster.NOW));
		gate.returned();
		assertThat(this.cluster.out("shop")).isEmpty();
		assertThat(this.cluster.lease("shop").getSpec().getHolderIdentity()).isEqualTo("b");
	}

	/**
	 * Whatever the clocks show, no pod leaves that has to stay, and the order is kept.
	 */
	@ParameterizedTest
	@ValueSource(longs = { -3600, 3600 })
	void whenClocksDifferShouldDecideTheSame(long ahead) throws Exception {
		this.cluster.service("shop", "a", "b", "c", "d", "e");
		InstantSource other = Clock.offset(Clock.fixed(TestCluster.NOW, ZoneOffset.UTC), Duration.ofSeconds(ahead));
		assertThat(TestCluster.leave(this.cluster.gate("a", 60, other)).granted()).isTrue();
		assertThat(TestCluster.leave(this.cluster.gate("b")).granted()).isTrue();
		assertThat(TestCluster.leave(this.cluster.gate("c", 60, other)).granted()).isFalse();
		assertThat(TestCluster.leave(this.cluster.gate("d")).granted()).isFalse();
		assertThat(this.cluster.out("shop")).containsExactly("a", "b");
	}

	@Test
	void whenLeaseIsDeletedShouldCreateItAgain() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		KubernetesReadinessGate gate = this.cluster.gate("a");
		assertThat(TestCluster.leave(gate).granted()).isTrue();
		this.cluster.delete("shop");
		gate.returned();
		assertThat(TestCluster.leave(gate).granted()).isTrue();
		assertThat(this.cluster.out("shop")).containsExactly("a");
	}

	@Test
	void whenLeaseWasMadeByHandShouldUseIt() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		Lease bare = heldBy("", InstantSource.fixed(TestCluster.NOW));
		bare.setSpec(null);
		bare.getMetadata().setLabels(null);
		this.cluster.create(bare);
		assertThat(TestCluster.leave(this.cluster.gate("a")).granted()).isTrue();
		assertThat(this.cluster.out("shop")).containsExactly("a");
	}

	private List<KubernetesReadinessGate> gates(String... pods) {
		return Stream.of(pods).map(this.cluster::gate).toList();
	}

	private static Lease heldBy(String pod, InstantSource clock) {
		return LeaseRecord.heldBy(pod, "shop", TestCluster.NAMESPACE, Duration.ofSeconds(15), clock.instant());
	}

	private static GateTimes shortBudget() {
		return new GateTimes(Duration.ofMillis(800), Duration.ofSeconds(15), Duration.ofSeconds(60),
				Duration.ofSeconds(20), Duration.ofMillis(100));
	}

	private List<Decision> race(List<KubernetesReadinessGate> gates) throws Exception {
		CyclicBarrier start = new CyclicBarrier(gates.size());
		List<Future<Decision>> results = new ArrayList<>();
		for (KubernetesReadinessGate gate : gates) {
			results.add(this.threads.submit(() -> {
				start.await();
				return TestCluster.leave(gate);
			}));
		}
		List<Decision> decisions = new ArrayList<>();
		for (Future<Decision> result : results) {
			decisions.add(result.get(20, TimeUnit.SECONDS));
		}
		return decisions;
	}

}
