package io.github.eventloop.kubernetes.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.fabric8.mockwebserver.http.MockResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link KubernetesReadinessGate} with an API that fails: there is no decision,
 * so the instance stays in service, and nothing is recorded that is not so.
 */
@TestInstance(Lifecycle.PER_CLASS)
class GateFailureTests {

	private final TestCluster cluster = new TestCluster();

	private KubernetesReadinessGate gate;

	@BeforeEach
	void createService() {
		this.gate = this.cluster.gate("a");
		this.cluster.service("shop", "a", "b", "c");
	}

	@AfterEach
	void resetCluster() throws Exception {
		this.cluster.reset();
	}

	@AfterAll
	void closeCluster() throws Exception {
		this.cluster.close();
	}

	@ParameterizedTest
	@CsvSource({ "GET, endpointslices, list, endpointslices", "GET, labelSelector, list, endpointslices",
			"GET, leases, get, leases", "POST, leases, create, leases", "PUT, leases, update, leases" })
	void whenForbiddenShouldNameTheMissingPermission(String method, String path, String verb, String resource)
			throws Exception {
		this.cluster.fail(TestCluster.method(method, path), () -> TestCluster.status(403, "Forbidden"));
		assertThatIllegalStateException().isThrownBy(() -> TestCluster.leave(this.gate))
			.withMessage("The service account of this pod must not " + verb + " " + resource
					+ " in the namespace shops: it needs a Role with the verb '" + verb + "' for the resource '"
					+ resource + "', see docs/kubernetes/README.md");
		this.cluster.heal();
		assertThat(this.cluster.out("shop")).isEmpty();
	}

	@Test
	void whenTokenIsRejectedShouldSaySo() {
		this.cluster.fail((request) -> true, () -> TestCluster.status(401, "Unauthorized"));
		assertThatIllegalStateException().isThrownBy(() -> TestCluster.leave(this.gate))
			.withMessageStartingWith("The Kubernetes API did not accept the token of the service account");
	}

	@ParameterizedTest
	@CsvSource({ "GET, endpointslices", "GET, labelSelector", "GET, leases", "POST, leases", "PUT, leases" })
	void whenApiFailsShouldNotDecide(String method, String path) throws Exception {
		this.cluster.fail(TestCluster.method(method, path), () -> TestCluster.status(500, "InternalError"));
		assertThatIllegalStateException().isThrownBy(() -> TestCluster.leave(this.gate))
			.withMessageStartingWith("The Kubernetes API gave no usable answer (");
		this.cluster.heal();
		assertThat(this.cluster.out("shop")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "<html>", "[]", "{}", "{\"kind\":\"Pod\"}", "null", "{\"items\":7}" })
	void whenAnswerIsMalformedShouldNotDecide(String body) {
		this.cluster.fail(TestCluster.method("GET", "endpointslices"),
				() -> new MockResponse().setResponseCode(200)
					.setHeader("Content-Type", "application/json")
					.setBody(body));
		assertThatIllegalStateException().isThrownBy(() -> TestCluster.leave(this.gate));
		assertThat(this.cluster.out("shop")).isEmpty();
	}

	@Test
	void whenLeaseIsMalformedShouldNotDecide() {
		this.cluster.fail(TestCluster.method("GET", "leases"),
				() -> new MockResponse().setResponseCode(200)
					.setHeader("Content-Type", "application/json")
					.setBody("{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"spec\":{}}"));
		assertThatIllegalStateException().isThrownBy(() -> TestCluster.leave(this.gate));
	}

	@ParameterizedTest
	@CsvSource({ "GET, endpointslices", "GET, leases", "POST, leases", "PUT, leases" })
	void whenApiDoesNotAnswerShouldGiveUp(String method, String path) throws Exception {
		if (!method.equals("POST")) {
			TestCluster.leave(this.gate);
			this.gate.returned();
		}
		this.cluster.timeoutMillis = 500;
		KubernetesReadinessGate impatient = this.cluster.gate("a");
		this.cluster.delay(TestCluster.method(method, path), Duration.ofSeconds(30));
		long start = System.nanoTime();
		assertThatIllegalStateException().isThrownBy(() -> TestCluster.leave(impatient));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(450),
				Duration.ofSeconds(6));
	}

	@Test
	void whenApiIsSlowShouldStartNoRequestAfterTheTimeLimit() {
		this.cluster.times = new GateTimes(Duration.ofMillis(600), Duration.ofSeconds(15), Duration.ofSeconds(60),
				Duration.ofSeconds(20), Duration.ofMillis(100));
		KubernetesReadinessGate gate = this.cluster.gate("a");
		this.cluster.delay((request) -> true, Duration.ofMillis(250));
		assertThatIllegalStateException().isThrownBy(() -> TestCluster.leave(gate))
			.withMessage("The Kubernetes API was too slow: its answers did not arrive within 600 ms");
		assertThat(this.cluster.requests()).hasSizeLessThanOrEqualTo(4);
		assertThat(this.cluster.out("shop")).isEmpty();
	}

	@Test
	void whenReadingFailsShouldReleaseTheLease() throws Exception {
		this.cluster.fail(TestCluster.method("GET", "labelSelector"), () -> TestCluster.status(500, "InternalError"));
		assertThatIllegalStateException().isThrownBy(() -> TestCluster.leave(this.gate));
		this.cluster.heal();
		assertThat(this.cluster.lease("shop").getSpec().getHolderIdentity()).isNull();
	}

	/** The departure is recorded, but the answer does not arrive. */
	@Test
	void whenTheAnswerToTheRecordIsLostShouldTakeItBack() throws Exception {
		List<String> answers = new CopyOnWriteArrayList<>();
		this.cluster.loseAnswerOnce(TestCluster.method("PUT", "leases"), answers);
		assertThatIllegalStateException().isThrownBy(() -> TestCluster.leave(this.gate));
		assertThat(answers).hasSize(1);
		assertThat(this.cluster.out("shop")).isEmpty();
	}

	@Test
	void whenSecondServiceFailsShouldTakeBackTheFirst() throws Exception {
		this.cluster.service("z", "a", "b", "c");
		this.cluster.fail(TestCluster.method("GET", "leases/eventloop-z"),
				() -> TestCluster.status(500, "InternalError"));
		assertThatIllegalStateException().isThrownBy(() -> TestCluster.leave(this.gate));
		assertThat(this.cluster.out("shop")).isEmpty();
	}

	@Test
	void whenReturnCannotBeRecordedShouldReportItAndRecordItLater() throws Exception {
		assertThat(TestCluster.leave(this.gate).granted()).isTrue();
		this.cluster.fail(TestCluster.method("PUT", "leases"), () -> TestCluster.status(500, "InternalError"));
		assertThatIllegalStateException().isThrownBy(this.gate::returned)
			.withMessageContaining("update leases in the namespace shops");
		assertThat(this.cluster.out("shop")).containsExactly("a");
		this.cluster.heal();
		this.gate.returned();
		assertThat(this.cluster.out("shop")).isEmpty();
	}

	@Test
	void whenReturnConflictsShouldRepeatIt() throws Exception {
		assertThat(TestCluster.leave(this.gate).granted()).isTrue();
		this.cluster.before(TestCluster.method("PUT", "leases"),
				() -> this.cluster.update(new LeaseRecord(this.cluster.lease("shop"))
					.recorded(new LeaseRecord(this.cluster.lease("shop")).out().with("b", TestCluster.NOW))));
		this.gate.returned();
		assertThat(this.cluster.out("shop")).containsExactly("b");
	}

	@Test
	void whenReturnConflictsEachTimeShouldGiveUp() throws Exception {
		this.cluster.times = new GateTimes(Duration.ofMillis(1500), Duration.ofSeconds(15), Duration.ofSeconds(60),
				Duration.ofSeconds(20), Duration.ofMillis(100));
		KubernetesReadinessGate gate = this.cluster.gate("a");
		assertThat(TestCluster.leave(gate).granted()).isTrue();
		this.cluster.fail(TestCluster.method("PUT", "leases"), () -> TestCluster.status(409, "Conflict"));
		assertThatIllegalStateException().isThrownBy(gate::returned)
			.withMessageStartingWith("The Lease eventloop-shop was changed by others in each attempt");
	}

	@Test
	void whenLeavingConflictsEachTimeShouldStay() throws Exception {
		this.cluster.times = new GateTimes(Duration.ofMillis(1500), Duration.ofSeconds(15), Duration.ofSeconds(60),
				Duration.ofSeconds(20), Duration.ofMillis(100));
		KubernetesReadinessGate gate = this.cluster.gate("a");
		this.cluster.fail(TestCluster.method("POST", "leases"), () -> TestCluster.status(409, "AlreadyExists"));
		assertThat(TestCluster.leave(gate).reason()).isEqualTo("other instances are leaving the service shop");
	}

	@Test
	void whenInterruptedShouldStop() {
		this.cluster.fail(TestCluster.method("POST", "leases"), () -> TestCluster.status(409, "AlreadyExists"));
		Thread.currentThread().interrupt();
		try {
			assertThat(catchThrowable(() -> TestCluster.leave(this.gate))).isNotNull();
		}
		finally {
			Thread.interrupted();
		}
	}

}
