package io.github.eventloop.kubernetes.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.health.ReadinessGate.Decision;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KubernetesReadinessGate} with one gate at a time: what it decides, and
 * what it records.
 */
@TestInstance(Lifecycle.PER_CLASS)
class KubernetesReadinessGateTests {

	private final TestCluster cluster = new TestCluster();

	@AfterEach
	void resetCluster() throws Exception {
		this.cluster.reset();
	}

	@AfterAll
	void closeCluster() throws Exception {
		this.cluster.close();
	}

	@Test
	void whenEnoughRemainShouldLeaveAndRecordIt() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		KubernetesReadinessGate gate = this.cluster.gate("a");
		assertThat(TestCluster.leave(gate))
			.isEqualTo(Decision.granted("2 of 3 endpoints of the service shop remain ready, and at least 2 have to"));
		Lease lease = this.cluster.lease("shop");
		assertThat(lease.getMetadata().getName()).isEqualTo("eventloop-shop");
		assertThat(lease.getMetadata().getAnnotations()).containsEntry("eventloop.github.io/out",
				"a=2026-11-30T12:00:00Z");
		assertThat(lease.getSpec().getHolderIdentity()).isNull();
		assertThat(lease.getSpec().getLeaseDurationSeconds()).isEqualTo(15);
		assertThat(lease.getSpec().getAcquireTime().toInstant()).isEqualTo(TestCluster.NOW);
		gate.returned();
		assertThat(this.cluster.out("shop")).isEmpty();
		assertThat(this.cluster.lease("shop").getMetadata().getAnnotations()).isNullOrEmpty();
	}

	@Test
	void whenTooFewWouldRemainShouldStayAndReleaseTheLease() throws Exception {
		this.cluster.service("shop", "a", "b:unready", "c");
		assertThat(TestCluster.leave(this.cluster.gate("a"))).isEqualTo(Decision
			.refused("only 1 of 3 endpoints of the service shop would remain ready, and at least 2 have to"));
		assertThat(this.cluster.lease("shop").getSpec().getHolderIdentity()).isNull();
		assertThat(this.cluster.out("shop")).isEmpty();
	}

	@Test
	void whenAnotherPodHasJustLeftShouldCountItAlthoughItLooksReady() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		assertThat(TestCluster.leave(this.cluster.gate("a")).granted()).isTrue();
		assertThat(TestCluster.leave(this.cluster.gate("b")).reason()).endsWith("; out of service: a");
		assertThat(this.cluster.out("shop")).containsExactly("a");
	}

	@Test
	void whenAnotherPodHasReturnedShouldLeave() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		KubernetesReadinessGate first = this.cluster.gate("a");
		assertThat(TestCluster.leave(first).granted()).isTrue();
		first.returned();
		assertThat(TestCluster.leave(this.cluster.gate("b")).granted()).isTrue();
	}

	@Test
	void whenPodDiesWhileOutShouldForgetIt() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		assertThat(TestCluster.leave(this.cluster.gate("a")).granted()).isTrue();
		this.cluster.service("shop", "b", "c", "d");
		assertThat(TestCluster.leave(this.cluster.gate("b")).granted()).isTrue();
		assertThat(this.cluster.out("shop")).containsExactly("b");
	}

	@Test
	void whenContainerOfAPodThatIsOutIsRestartedShouldForgetItAfterAMinute() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		assertThat(TestCluster.leave(this.cluster.gate("a")).granted()).isTrue();
		KubernetesReadinessGate gate = this.cluster.gate("b");
		assertThat(TestCluster.leave(gate).granted()).isFalse();
		this.cluster.advance(Duration.ofSeconds(59));
		assertThat(TestCluster.leave(gate).granted()).isFalse();
		this.cluster.advance(Duration.ofSeconds(1));
		assertThat(TestCluster.leave(gate).granted()).isTrue();
		assertThat(this.cluster.out("shop")).containsExactly("b");
	}

	@Test
	void whenOwnContainerWasRestartedWhileOutShouldForgetTheOldDeparture() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		assertThat(TestCluster.leave(this.cluster.gate("a")).granted()).isTrue();
		this.cluster.service("shop", "a", "b:unready", "c");
		assertThat(TestCluster.leave(this.cluster.gate("a")).granted()).isFalse();
		assertThat(this.cluster.out("shop")).isEmpty();
	}

	@Test
	void whenLeavingAndReturningRepeatedlyShouldLeaveNoGarbage() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		KubernetesReadinessGate gate = this.cluster.gate("a");
		for (int i = 0; i < 20; i++) {
			assertThat(TestCluster.leave(gate).granted()).isTrue();
			assertThat(this.cluster.out("shop")).containsExactly("a");
			gate.returned();
		}
		Lease lease = this.cluster.lease("shop");
		assertThat(lease.getMetadata().getAnnotations()).isNullOrEmpty();
		assertThat(lease.getMetadata().getLabels()).hasSize(1);
		assertThat(lease.getSpec().getHolderIdentity()).isNull();
	}

	@Test
	void whenReturnedWithoutHavingLeftShouldRequestNothing() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		// The watch of the previous test may not have ended yet.
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals("eventloop-gate-watch")));
		this.cluster.requests().clear();
		this.cluster.gate("a").returned();
		assertThat(this.cluster.requests()).isEmpty();
	}

	/** A rollout, a drain, a scale-down: which pods count, and whether one may leave. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			60  | a b c d:unready                       | false
			60  | a b c d                               | true
			60  | a b c:terminating d:terminating       | false
			60  | a b c d:terminating                   | true
			60  | a b:terminating c:terminating         | false
			60  | a                                     | false
			60  | a b                                   | false
			50  | a b                                   | true
			60  | a b c d e f:unready g:unready         | false
			60  | a b c d e f g:unready                 | true
			0   | a                                     | true
			0   | a b:unready                           | true
			100 | a b c d e                             | false
			60  | a:terminating b c                     | true
			""")
	void shouldDecideByTheEndpoints(int percent, String endpoints, boolean granted) throws Exception {
		this.cluster.service("shop", endpoints.split(" "));
		assertThat(TestCluster.leave(this.cluster.gate("a", percent)).granted()).isEqualTo(granted);
		assertThat(this.cluster.out("shop")).isEqualTo(granted ? List.of("a") : List.of());
	}

	@Test
	void whenThereAreSeveralServicesTheStrictestShouldDecide() throws Exception {
		this.cluster.service("admin", "a", "b", "c");
		this.cluster.service("shop", "a", "b:unready", "c");
		this.cluster.service("unrelated", "x:unready");
		assertThat(TestCluster.leave(this.cluster.gate("a"))).isEqualTo(Decision
			.refused("only 1 of 3 endpoints of the service shop would remain ready, and at least 2 have to"));
		assertThat(this.cluster.out("admin")).isEmpty();
		assertThat(this.cluster.out("shop")).isEmpty();
		assertThat(this.cluster.lease("unrelated")).isNull();
	}

	@Test
	void whenAllServicesAllowItShouldRecordItInEach() throws Exception {
		this.cluster.service("admin", "a", "b", "c");
		this.cluster.service("shop", "a", "b", "c", "d", "e");
		KubernetesReadinessGate gate = this.cluster.gate("a");
		assertThat(TestCluster.leave(gate))
			.isEqualTo(Decision.granted("2 of 3 endpoints of the service admin remain ready, and at least 2 have to; "
					+ "4 of 5 endpoints of the service shop remain ready, and at least 3 have to"));
		assertThat(this.cluster.out("admin")).containsExactly("a");
		assertThat(this.cluster.out("shop")).containsExactly("a");
		gate.returned();
		assertThat(this.cluster.out("admin")).isEmpty();
		assertThat(this.cluster.out("shop")).isEmpty();
	}

	@Test
	void whenNoServiceSelectsThePodShouldLeave() throws Exception {
		this.cluster.service("shop", "b", "c");
		assertThat(TestCluster.leave(this.cluster.gate("a")))
			.isEqualTo(Decision.granted("no service selects the pod a in the namespace shops"));
		assertThat(this.cluster.lease("shop")).isNull();
	}

	@Test
	void whenPodIsNotFoundByTheNameOfItsHostShouldStay() throws Exception {
		this.cluster.service("shop", "b", "c");
		KubernetesReadinessGate gate = new KubernetesReadinessGate(this.cluster.client(),
				new PodIdentity("node-1", TestCluster.NAMESPACE, false), new AvailabilityFloor(60), () -> {
				});
		assertThat(TestCluster.leave(gate)).isEqualTo(
				Decision.refused("no service selects the pod node-1 in the namespace shops, or these are not those of "
						+ "this pod: set the environment variables POD_NAME and POD_NAMESPACE"));
	}

	@Test
	void shouldRequestNothingThatTheRoleDoesNotPermit() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		KubernetesReadinessGate gate = this.cluster.gate("a");
		TestCluster.leave(gate);
		gate.returned();
		TestCluster.leave(gate);
		gate.returned();
		String slices = "/apis/discovery.k8s.io/v1/namespaces/shops/endpointslices";
		String leases = "/apis/coordination.k8s.io/v1/namespaces/shops/leases";
		assertThat(new ArrayList<>(this.cluster.requests())).allMatch(
				(request) -> request.startsWith("GET " + slices) || request.equals("GET " + leases + "/eventloop-shop")
						|| request.equals("POST " + leases) || request.equals("PUT " + leases + "/eventloop-shop"));
	}

	@Test
	void whenUnknownPodShouldStay() throws Exception {
		UnknownPodGate gate = new UnknownPodGate("the pod is not known");
		assertThat(gate.leave(null)).isEqualTo(Decision.refused("the pod is not known"));
		gate.returned();
	}

	@Test
	void whenClosedShouldCloseWhatItOwns() {
		List<String> closed = new ArrayList<>();
		new KubernetesReadinessGate(this.cluster.client(), new PodIdentity("a", TestCluster.NAMESPACE, true),
				new AvailabilityFloor(60), () -> closed.add("client"))
			.close();
		assertThat(closed).containsExactly("client");
	}

}
