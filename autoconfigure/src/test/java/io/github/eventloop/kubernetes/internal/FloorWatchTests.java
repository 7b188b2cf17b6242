package io.github.eventloop.kubernetes.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.ReadinessGate.Departure;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FloorWatch}: which instances are recalled when too few endpoints are
 * ready.
 */
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class FloorWatchTests {

	private final TestCluster cluster = new TestCluster();

	private final List<String> recallsOfA = new CopyOnWriteArrayList<>();

	private final List<String> recallsOfB = new CopyOnWriteArrayList<>();

	@AfterEach
	void resetCluster() throws Exception {
		this.cluster.reset();
		this.recallsOfA.clear();
		this.recallsOfB.clear();
	}

	@AfterAll
	void closeCluster() throws Exception {
		this.cluster.close();
	}

	@Test
	void whenTooFewAreReadyShouldRecallTheOneThatIsOutLongest() throws Exception {
		this.cluster.service("shop", "a", "b", "c", "d", "e");
		KubernetesReadinessGate first = leave("a", this.recallsOfA);
		leave("b", this.recallsOfB);
		this.cluster.service("shop", "a:unready", "b:unready", "c", "d", "e:unready");
		await().untilAsserted(() -> assertThat(this.recallsOfA)
			.containsExactly("only 2 of 5 endpoints of the service shop are ready, and at least 3 have to be"));
		assertStays(this.recallsOfB);
		first.returned();
		assertStays(this.recallsOfB);
		this.cluster.service("shop", "a", "b:unready", "c", "d", "e:unready");
		assertStays(this.recallsOfB);
		assertThat(this.recallsOfA).hasSize(1);
		assertThat(this.cluster.out("shop")).containsExactly("b");
	}

	@Test
	void whenTwoAreNeededShouldRecallBoth() throws Exception {
		this.cluster.service("shop", "a", "b", "c", "d", "e");
		leave("a", this.recallsOfA);
		leave("b", this.recallsOfB);
		this.cluster.service("shop", "a:unready", "b:unready", "c", "d:unready", "e:unready");
		await().untilAsserted(() -> {
			assertThat(this.recallsOfA).hasSize(1);
			assertThat(this.recallsOfB).hasSize(1);
		});
	}

	@Test
	void whenTheOneThatIsOutLongestDoesNotReturnShouldRecallTheNext() throws Exception {
		this.cluster.service("shop", "a", "b", "c", "d", "e");
		leave("a", this.recallsOfA);
		leave("b", this.recallsOfB);
		this.cluster.service("shop", "a:unready", "b:unready", "c", "d", "e:unready");
		await().until(() -> !this.recallsOfA.isEmpty());
		assertStays(this.recallsOfB);
		this.cluster.advance(Duration.ofSeconds(20));
		await().until(() -> !this.recallsOfB.isEmpty());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			a:unready b c:terminating                | scale-down to two
			a:unready b:terminating c:terminating    | scale-down to one
			a:unready b c:unready                    | a pod fails
			a:unready b c d:unready                  | a rollout adds a pod
			a:unready b d:unready                    | a pod is replaced
			""")
	void whenTheServiceChangesShouldRecall(String endpoints, String change) throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		leave("a", this.recallsOfA);
		this.cluster.service("shop", endpoints.split(" "));
		await().untilAsserted(() -> assertThat(this.recallsOfA).as(change).hasSize(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a:unready b c", "a:unready b c d", "a:unready b c d e:unready",
			"a:unready b c d:terminating", "a b c" })
	void whileEnoughAreReadyShouldNotRecall(String endpoints) throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		leave("a", this.recallsOfA);
		this.cluster.service("shop", endpoints.split(" "));
		assertStays(this.recallsOfA);
	}

	@Test
	void whenOneOfSeveralServicesNeedsThePodShouldRecallIt() throws Exception {
		this.cluster.service("admin", "a", "x", "y", "z");
		this.cluster.service("shop", "a", "b", "c");
		leave("a", this.recallsOfA);
		this.cluster.service("shop", "a:unready", "b", "c:unready");
		await().untilAsserted(
				() -> assertThat(this.recallsOfA).singleElement().asString().contains("of the service shop are ready"));
	}

	@Test
	void whenReturnedShouldNotRecallAndEndTheThread() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		KubernetesReadinessGate gate = leave("a", this.recallsOfA);
		gate.returned();
		await().untilAsserted(() -> assertThat(watchThreads()).isEmpty());
		this.cluster.service("shop", "a:unready", "b", "c:unready");
		assertStays(this.recallsOfA);
	}

	@Test
	void whenRecalledOrClosedShouldEndTheThread() throws Exception {
		this.cluster.service("shop", "a", "b", "c", "d", "e");
		leave("a", this.recallsOfA);
		KubernetesReadinessGate closed = leave("b", this.recallsOfB);
		this.cluster.service("shop", "a:unready", "b:unready", "c", "d", "e:unready");
		await().until(() -> !this.recallsOfA.isEmpty());
		closed.close();
		await().untilAsserted(() -> assertThat(watchThreads()).isEmpty());
	}

	@Test
	void recallShouldRunOnTheThreadOfTheWatch() throws Exception {
		List<String> threads = new CopyOnWriteArrayList<>();
		this.cluster.service("shop", "a", "b", "c");
		this.cluster.gate("a")
			.leave(new Departure(EventLoopStatus.STUCK, "stuck",
					(reason) -> threads.add(Thread.currentThread().getName())));
		this.cluster.service("shop", "a:unready", "b", "c:unready");
		await().untilAsserted(() -> assertThat(threads).containsExactly("eventloop-gate-watch"));
	}

	@Test
	void shouldRecallAsSoonAsThereAreTooFew() throws Exception {
		this.cluster.times = new GateTimes(Duration.ofSeconds(4), Duration.ofSeconds(15), Duration.ofSeconds(60),
				Duration.ofSeconds(20), Duration.ofHours(1));
		this.cluster.service("shop", "a", "b", "c");
		leave("a", this.recallsOfA);
		this.cluster.service("shop", "a:unready", "b", "c");
		assertStays(this.recallsOfA);
		this.cluster.service("shop", "a:unready", "b", "c:unready");
		await().until(() -> !this.recallsOfA.isEmpty());
	}

	/** The names of the services are unique, because the log is shared. */
	@Test
	void whenThereIsNoWatchShouldLogOnceAndPoll(CapturedOutput output) throws Exception {
		String warning = "The endpoints of the service unwatched cannot be watched. They are read every 100 ms instead";
		this.cluster.service("unwatched", "a", "b", "c");
		this.cluster.fail(TestCluster.watching(), () -> TestCluster.status(403, "Forbidden"));
		leave("a", this.recallsOfA);
		await().untilAsserted(() -> assertThat(output).contains(warning).contains("the verb 'watch'"));
		assertStays(this.recallsOfA);
		this.cluster.service("unwatched", "a:unready", "b", "c:unready");
		await().until(() -> !this.recallsOfA.isEmpty());
		assertThat(output.toString().split(warning, -1)).hasSize(2);
	}

	@Test
	void whenTheApiFailsShouldLogOnceAndRecallWhenItIsBack(CapturedOutput output) throws Exception {
		String warning = "The availability of the service unreachable is unknown";
		this.cluster.service("unreachable", "a", "b", "c");
		leave("a", this.recallsOfA);
		this.cluster.fail(TestCluster.method("GET", "leases"), () -> TestCluster.status(500, "InternalError"));
		this.cluster.service("unreachable", "a:unready", "b", "c:unready");
		await().untilAsserted(() -> assertThat(output).contains(warning));
		assertStays(this.recallsOfA);
		assertThat(output.toString().split(warning, -1)).hasSize(2);
		this.cluster.heal();
		await().until(() -> !this.recallsOfA.isEmpty());
	}

	@Test
	void whenTheConnectionIsLostShouldWatchAgain() throws Exception {
		this.cluster.service("shop", "a", "b", "c");
		leave("a", this.recallsOfA);
		await().until(() -> watches() == 1);
		this.cluster.stop();
		try {
			// Until the server has closed the watch, it may fail to respond to a change.
			await().ignoreExceptions().until(() -> {
				this.cluster.service("shop", "a:unready", "b", "c:unready");
				return true;
			});
			assertStays(this.recallsOfA);
		}
		finally {
			this.cluster.restart();
		}
		await().until(() -> !this.recallsOfA.isEmpty());
	}

	private long watches() {
		return this.cluster.requests().stream().filter((request) -> request.contains("watch=")).count();
	}

	private KubernetesReadinessGate leave(String pod, List<String> recalls) throws Exception {
		KubernetesReadinessGate gate = this.cluster.gate(pod);
		assertThat(TestCluster.leave(gate, recalls).granted()).isTrue();
		return gate;
	}

	/** Three times as long as it takes to poll. */
	private static void assertStays(List<String> recalls) {
		Awaitility.await()
			.during(Duration.ofMillis(300))
			.atMost(Duration.ofSeconds(5))
			.untilAsserted(() -> assertThat(recalls).isEmpty());
	}

	private static List<String> watchThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.equals("eventloop-gate-watch"))
			.toList();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60));
	}

}
