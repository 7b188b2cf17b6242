package io.github.eventloop.kubernetes.internal;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.health.ReadinessGate.Decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SharedTrouble} and {@link Recall}: what happens if more pods are in
 * trouble than may leave.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedTroubleTests {

	private static final Duration BOUND = Duration.ofSeconds(60);

	private final TestCluster cluster = new TestCluster();

	private final List<String> recalls = new CopyOnWriteArrayList<>();

	@BeforeEach
	void resetCluster() throws Exception {
		this.cluster.reset();
		this.recalls.clear();
		this.cluster.service("shop", "a", "b", "c", "d", "e");
	}

	@AfterAll
	void closeCluster() throws Exception {
		this.cluster.close();
	}

	@Test
	void whenMoreAreInTroubleThanMayLeaveShouldStayAndRecallTheOthers() throws Exception {
		KubernetesReadinessGate a = this.cluster.gate("a");
		KubernetesReadinessGate b = this.cluster.gate("b");
		assertThat(TestCluster.leave(a, this.recalls).granted()).isTrue();
		assertThat(TestCluster.leave(b, this.recalls).granted()).isTrue();
		assertThat(TestCluster.leave(this.cluster.gate("c")).granted()).isFalse();
		String reason = "more endpoints of the service shop are overloaded or stuck than may leave";
		await().atMost(BOUND).untilAsserted(() -> assertThat(this.recalls).containsExactly(reason, reason));
	}

	@Test
	void whenOthersHadToStayShouldStayAlthoughEnoughWouldRemain() throws Exception {
		// No pod is out of service: d and e are not ready for another reason.
		this.cluster.service("shop", "a", "b", "c", "d:unready", "e:unready");
		assertThat(TestCluster.leave(this.cluster.gate("a")).granted()).isFalse();
		assertThat(TestCluster.leave(this.cluster.gate("b")).granted()).isFalse();
		this.cluster.service("shop", "a", "b", "c", "d", "e");
		assertThat(TestCluster.leave(this.cluster.gate("c"))).isEqualTo(Decision
			.refused("3 of 5 endpoints of the service shop are overloaded or stuck, and at most 2 may leave"));
		assertThat(new LeaseRecord(this.cluster.lease("shop")).recall()).isNull();
	}

	@Test
	void whenTroubleOfOthersIsOverShouldLeave() throws Exception {
		this.cluster.service("shop", "a", "b", "c", "d:unready", "e:unready");
		TestCluster.leave(this.cluster.gate("a"));
		TestCluster.leave(this.cluster.gate("b"));
		this.cluster.service("shop", "a", "b", "c", "d", "e");
		KubernetesReadinessGate c = this.cluster.gate("c");
		assertThat(TestCluster.leave(c).granted()).isFalse();
		this.cluster.advance(Duration.ofSeconds(21));
		assertThat(TestCluster.leave(c).granted()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "1, 60", "2, 120", "3, 240", "4, 480", "5, 600", "99, 600" })
	void afterARecallNoneShouldLeaveForAWhile(int number, int seconds) throws Exception {
		KubernetesReadinessGate a = this.cluster.gate("a");
		TestCluster.leave(a);
		a.returned();
		annotate(LeaseRecord.RECALLED, number + "=" + TestCluster.NOW);
		assertThat(TestCluster.leave(a))
			.isEqualTo(Decision.refused("other endpoints of the service shop were overloaded when some had left"));
		this.cluster.advance(Duration.ofSeconds(seconds - 1));
		assertThat(TestCluster.leave(a).granted()).isFalse();
		this.cluster.advance(Duration.ofSeconds(1));
		assertThat(TestCluster.leave(a).granted()).isTrue();
	}

	@Test
	void whenOthersAreRecalledAgainThePauseShouldBeLonger() throws Exception {
		InstantSource wallClock = () -> TestCluster.NOW.plusNanos(this.cluster.nanos.get());
		KubernetesReadinessGate a = this.cluster.gate("a", 60, wallClock);
		KubernetesReadinessGate b = this.cluster.gate("b", 60, wallClock);
		for (int number = 1; number <= 2; number++) {
			assertThat(TestCluster.leave(a).granted()).isTrue();
			assertThat(TestCluster.leave(b).granted()).isTrue();
			Recall recall = new Recall(number, wallClock.instant());
			assertThat(TestCluster.leave(this.cluster.gate("c", 60, wallClock)).granted()).isFalse();
			assertThat(new LeaseRecord(this.cluster.lease("shop")).recall()).isEqualTo(recall);
			// A second refusal in the same trouble is not a second recall.
			this.cluster.advance(Duration.ofSeconds(1));
			assertThat(TestCluster.leave(this.cluster.gate("d", 60, wallClock)).granted()).isFalse();
			assertThat(new LeaseRecord(this.cluster.lease("shop")).recall()).isEqualTo(recall);
			a.returned();
			b.returned();
			this.cluster.advance(recall.pause());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "b=2026-11-30T11:00:00Z,c=2026-11-30T11:00:00Z", "b,c", "b=yesterday,c=", "x,y,z" })
	void recordsThatAreOldOrEditedByHandShouldHaveNoEffect(String inTrouble) throws Exception {
		KubernetesReadinessGate a = this.cluster.gate("a");
		TestCluster.leave(a);
		a.returned();
		annotate(LeaseRecord.IN_TROUBLE, inTrouble);
		assertThat(TestCluster.leave(this.cluster.gate("d")).granted()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "1=2026-11-30T11:00:00Z", "1", "one=2026-11-30T12:00:00Z", "1=now", "" })
	void recallsThatAreOldOrEditedByHandShouldHaveNoEffect(String recalled) throws Exception {
		KubernetesReadinessGate a = this.cluster.gate("a");
		TestCluster.leave(a);
		a.returned();
		annotate(LeaseRecord.RECALLED, recalled);
		assertThat(TestCluster.leave(this.cluster.gate("d")).granted()).isTrue();
	}

	@Test
	void whenLeavingIsUnlimitedShouldNeverBeShared() throws Exception {
		for (String pod : List.of("a", "b", "c", "d", "e")) {
			assertThat(TestCluster.leave(this.cluster.gate(pod, 0), this.recalls).granted()).as(pod).isTrue();
		}
		assertThat(this.recalls).isEmpty();
	}

	private void annotate(String name, String value) {
		Lease lease = this.cluster.lease("shop");
		this.cluster.update(new LeaseBuilder(lease).editMetadata().addToAnnotations(name, value).endMetadata().build());
	}

}
