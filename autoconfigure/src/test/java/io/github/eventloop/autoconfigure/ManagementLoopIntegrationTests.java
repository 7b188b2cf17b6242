package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * That probes on a management port of its own answer while all loops of the application
 * are blocked, and that it takes a loop of its own to do so.
 */
class ManagementLoopIntegrationTests {

	private static final int PROBES = 1_000;

	/** What Kubernetes waits for by default. */
	private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

	/** Until when loops are blocked. */
	private final CountDownLatch end = new CountDownLatch(1);

	@Test
	void whenAllLoopsAreBlockedShouldAnswerEveryProbeAtOnce() {
		try (ConfigurableApplicationContext context = BlockableApplication.run("management.server.port=0",
				"management.server.address=127.0.0.1")) {
			warmUp(context);
			blockAllLoops(context);
			List<Long> millis = probe(context, PROBES);
			assertThat(allLoopsAreBlocked(context)).isTrue();
			this.end.countDown();
			assertThat(millis).hasSize(PROBES);
			// Some 5 ms on a machine that does nothing else.
			assertThat(percentile(millis, 0.99)).isLessThan(PROBE_TIMEOUT.toMillis() / 2);
		}
	}

	@Test
	void whenNotIsolatedShouldLoseProbes() {
		try (ConfigurableApplicationContext context = BlockableApplication.run("management.server.port=0",
				"management.server.address=127.0.0.1", "eventloop.management.isolated=false")) {
			warmUp(context);
			assertThat(probe(context, 3)).isNotEmpty();
			blockAllLoops(context);
			assertThat(probe(context, 3)).isEmpty();
			this.end.countDown();
		}
	}

	@Test
	void managementLoopShouldBeShownAndNotCounted() {
		try (ConfigurableApplicationContext context = BlockableApplication.run("management.server.port=0",
				"management.server.address=127.0.0.1")) {
			Visitor visitor = new Visitor(managementPort(context));
			EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
			LoopSnapshot management = managementLoops(monitor.snapshot()).get(0);
			monitor.loop(management.name()).orElseThrow().execute(() -> sleep(Duration.ofMillis(700)));
			Awaitility.await()
				.atMost(Duration.ofSeconds(10))
				.until(() -> managementLoops(monitor.snapshot()).get(0).lag().maxNanos() > 500_000_000L);
			JsonNode endpoint = visitor.eventLoops();
			assertThat(endpoint.at("/lag/maxMillis").asDouble()).isLessThan(500);
			assertThat(endpoint.get("loops").valueStream())
				.filteredOn((loop) -> loop.get("group").asString().equals("management-http"))
				.singleElement()
				.satisfies((loop) -> {
					assertThat(loop.get("roles").toString()).contains("MANAGEMENT", "ACCEPTOR", "SERVER");
					assertThat(loop.at("/lag/maxMillis").asDouble()).isGreaterThan(500);
				});
		}
	}

	@Test
	void whenPortIsSharedShouldHaveNoManagementLoop() {
		try (ConfigurableApplicationContext context = BlockableApplication.run()) {
			assertThat(managementLoops(context.getBean(EventLoopMonitor.class).snapshot())).isEmpty();
			assertThat(Visitor.of(context).status("/actuator/health/readiness")).isEqualTo(200);
		}
	}

	@Test
	void whenManagementPortIsTheServerPortShouldHaveNoManagementLoop() throws IOException {
		int port = freePort();
		try (ConfigurableApplicationContext context = BlockableApplication.run("server.port=" + port,
				"management.server.port=" + port)) {
			assertThat(managementLoops(context.getBean(EventLoopMonitor.class).snapshot())).isEmpty();
			assertThat(Visitor.of(context).status("/actuator/health/readiness")).isEqualTo(200);
		}
	}

	@Test
	void whenManagementIsDisabledShouldHaveNoManagementLoop() {
		try (ConfigurableApplicationContext context = BlockableApplication.run("management.server.port=-1")) {
			assertThat(managementLoops(context.getBean(EventLoopMonitor.class).snapshot())).isEmpty();
			assertThat(Visitor.of(context).loop()).startsWith("reactor-http-");
		}
	}

	@Test
	void whenContextIsStoppedAndStartedShouldHaveOneManagementLoop() {
		try (ConfigurableApplicationContext context = BlockableApplication.run("management.server.port=0",
				"management.server.address=127.0.0.1")) {
			EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
			long before = managementLoops(monitor.snapshot()).get(0).id();
			context.stop();
			assertThat(managementLoops(monitor.snapshot())).isEmpty();
			context.start();
			assertThat(probe(context, 5)).hasSize(5);
			assertThat(managementLoops(monitor.snapshot())).singleElement()
				.satisfies((loop) -> assertThat(loop.id()).isNotEqualTo(before));
		}
	}

	@Test
	void whenTenContextsCameAndWentShouldLeaveNoLoopBehind() {
		Map<String, Long> before = managementThreads();
		for (int i = 0; i < 10; i++) {
			BlockableApplication.run("management.server.port=0", "management.server.address=127.0.0.1").close();
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(managementThreads()).isEqualTo(before));
	}

	private static Map<String, Long> managementThreads() {
		Map<String, Long> threads = new TreeMap<>();
		Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("management-http-"))
			.forEach((name) -> threads.merge(name, 1L, Long::sum));
		return threads;
	}

	private static void warmUp(ConfigurableApplicationContext context) {
		Visitor visitor = new Visitor(managementPort(context));
		for (int i = 0; i < 100; i++) {
			assertThat(visitor.status("/actuator/health/readiness")).isEqualTo(200);
			assertThat(visitor.status("/actuator/health/liveness")).isEqualTo(200);
		}
	}

	/** Hold up all of them, those too that accept connections. */
	private void blockAllLoops(ConfigurableApplicationContext context) {
		EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
		monitor.snapshot()
			.loops()
			.stream()
			.filter(LoopSnapshot::isCounted)
			.forEach((loop) -> monitor.loop(loop.name()).orElseThrow().execute(this::awaitEnd));
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> allLoopsAreBlocked(context));
	}

	private void awaitEnd() {
		try {
			this.end.await(1, TimeUnit.MINUTES);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static boolean allLoopsAreBlocked(ConfigurableApplicationContext context) {
		return context.getBean(EventLoopMonitor.class)
			.snapshot()
			.loops()
			.stream()
			.filter(LoopSnapshot::isCounted)
			.allMatch((loop) -> loop.state() == LoopState.STALLED);
	}

	private static void sleep(Duration duration) {
		try {
			TimeUnit.MILLISECONDS.sleep(duration.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static List<LoopSnapshot> managementLoops(EventLoopSnapshot snapshot) {
		return snapshot.loops().stream().filter((loop) -> loop.roles().contains(LoopRole.MANAGEMENT)).toList();
	}

	private static int managementPort(ConfigurableApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	/**
	 * Probe readiness or liveness as a kubelet does: each time on a connection of its
	 * own, and for as long as it waits.
	 * @return how long those took that were answered in time, in milliseconds
	 */
	private List<Long> probe(ConfigurableApplicationContext context, int times) {
		URI server = URI.create("http://127.0.0.1:" + managementPort(context));
		List<Long> millis = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			long start = System.nanoTime();
			if (isAnswered(server.resolve("/actuator/health/" + ((i % 2 == 0) ? "readiness" : "liveness")))) {
				millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
			}
		}
		return millis;
	}

	private static boolean isAnswered(URI probe) {
		try {
			HttpURLConnection connection = (HttpURLConnection) probe.toURL().openConnection();
			connection.setConnectTimeout((int) PROBE_TIMEOUT.toMillis());
			connection.setReadTimeout((int) PROBE_TIMEOUT.toMillis());
			connection.setRequestProperty("Connection", "close");
			// 503 is an answer: the loops are stuck, after all.
			return connection.getResponseCode() > 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static long percentile(List<Long> values, double share) {
		List<Long> sorted = values.stream().sorted().toList();
		return sorted.get((int) (share * (sorted.size() - 1)));
	}

}
