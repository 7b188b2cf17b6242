package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
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
 * Tests that probes on a separate management port are answered while all loops of the
 * application are blocked, and that this requires a separate loop.
 */
class ManagementLoopIntegrationTests {

	private static final int PROBES = 300;

	/** Default of Kubernetes, for probes that are expected to time out. */
	private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

	/** For probes that must be answered. */
	private static final Duration LONG = Duration.ofSeconds(60);

	/** Ends the blocking of the loops. */
	private final CountDownLatch end = new CountDownLatch(1);

	@Test
	void whenAllLoopsAreBlockedShouldAnswerEveryProbe() {
		try (ConfigurableApplicationContext context = BlockableApplication.run("management.server.port=0",
				"management.server.address=127.0.0.1")) {
			warmUp(context);
			blockAllLoops(context);
			assertThat(probe(context, PROBES, LONG)).isEqualTo(PROBES);
			assertThat(allLoopsAreBlocked(context)).isTrue();
			this.end.countDown();
		}
	}

	@Test
	void whenNotIsolatedProbesShouldTimeOut() {
		try (ConfigurableApplicationContext context = BlockableApplication.run("management.server.port=0",
				"management.server.address=127.0.0.1", "eventloop.management.isolated=false")) {
			warmUp(context);
			assertThat(probe(context, 3, LONG)).isEqualTo(3);
			blockAllLoops(context);
			assertThat(probe(context, 3, PROBE_TIMEOUT)).isZero();
			this.end.countDown();
		}
	}

	@Test
	void managementLoopShouldBeListedButNotCounted() {
		try (ConfigurableApplicationContext context = BlockableApplication.run("management.server.port=0",
				"management.server.address=127.0.0.1")) {
			Visitor visitor = new Visitor(managementPort(context));
			EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
			LoopSnapshot management = managementLoops(monitor.snapshot()).get(0);
			monitor.loop(management.name()).orElseThrow().execute(() -> sleep(Duration.ofSeconds(2)));
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> managementLoops(monitor.snapshot()).get(0).lag().maxNanos() > 1_500_000_000L);
			JsonNode endpoint = visitor.eventLoops();
			assertThat(endpoint.at("/lag/maxMillis").asDouble()).isLessThan(1500);
			assertThat(endpoint.get("loops").valueStream())
				.filteredOn((loop) -> loop.get("group").asString().equals("management-http"))
				.singleElement()
				.satisfies((loop) -> {
					assertThat(loop.get("roles").toString()).contains("MANAGEMENT", "ACCEPTOR", "SERVER");
					assertThat(loop.at("/lag/maxMillis").asDouble()).isGreaterThan(1500);
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
	void whenContextIsRestartedShouldHaveOneManagementLoop() {
		try (ConfigurableApplicationContext context = BlockableApplication.run("management.server.port=0",
				"management.server.address=127.0.0.1")) {
			EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
			long before = managementLoops(monitor.snapshot()).get(0).id();
			context.stop();
			assertThat(managementLoops(monitor.snapshot())).isEmpty();
			context.start();
			assertThat(probe(context, 5, LONG)).isEqualTo(5);
			assertThat(managementLoops(monitor.snapshot())).singleElement()
				.satisfies((loop) -> assertThat(loop.id()).isNotEqualTo(before));
		}
	}

	@Test
	void whenTenContextsAreClosedShouldNotLeakLoops() {
		Map<String, Long> before = managementThreads();
		for (int i = 0; i < 10; i++) {
			BlockableApplication.run("management.server.port=0", "management.server.address=127.0.0.1").close();
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
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

	/** Block all loops, including those that accept connections. */
	private void blockAllLoops(ConfigurableApplicationContext context) {
		EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
		monitor.snapshot()
			.loops()
			.stream()
			.filter(LoopSnapshot::counted)
			.forEach((loop) -> monitor.loop(loop.name()).orElseThrow().execute(this::awaitEnd));
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> allLoopsAreBlocked(context));
	}

	private void awaitEnd() {
		try {
			this.end.await(5, TimeUnit.MINUTES);
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
			.filter(LoopSnapshot::counted)
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
	 * Probe readiness or liveness as a kubelet does: each time on a new connection.
	 * @return how many were answered in time
	 */
	private static int probe(ConfigurableApplicationContext context, int times, Duration timeout) {
		URI server = URI.create("http://127.0.0.1:" + managementPort(context));
		int answered = 0;
		for (int i = 0; i < times; i++) {
			String path = "/actuator/health/" + ((i % 2 == 0) ? "readiness" : "liveness");
			answered += isAnswered(server.resolve(path), timeout) ? 1 : 0;
		}
		return answered;
	}

	private static boolean isAnswered(URI probe, Duration timeout) {
		try {
			HttpURLConnection connection = (HttpURLConnection) probe.toURL().openConnection();
			connection.setConnectTimeout((int) timeout.toMillis());
			connection.setReadTimeout((int) timeout.toMillis());
			connection.setRequestProperty("Connection", "close");
			// 503 is expected, because the loops are stuck.
			return connection.getResponseCode() > 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
