package io.github.eventloop.faults;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.MonitorSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the suspension of a process for ten seconds is not attributed to its loops.
 */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
class SuspendedProcessTests {

	@TempDir
	private Path directory;

	@Test
	void whenIdleShouldReportPauseAndNoStall() throws Exception {
		try (ForkedApplication application = start()) {
			Client client = application.client();
			suspend(application);
			assertPaused(client);
			assertStaysReady(client);
			assertThat(stallsOfSeconds(client)).isEmpty();
		}
	}

	@Test
	void whenInHandlerShouldReportNoCulpritAndOnlyItsLoop() throws Exception {
		try (ForkedApplication application = start()) {
			CompletableFuture<?> response = application.client().begin("/spin/900");
			TimeUnit.MILLISECONDS.sleep(50); // in the handler, but not yet a stall
			suspend(application);
			response.get(60, TimeUnit.SECONDS);
			Client client = application.client();
			assertPaused(client);
			assertStaysReady(client);
			assertThat(stallsOfSeconds(client)).singleElement().satisfies((stall) -> {
				assertThat(stall.get("cause").asString()).as(stall::toString).isEqualTo("STARVED");
				assertThat(stall.path("culprit").isObject()).as(stall::toString).isFalse();
			});
		}
	}

	@Test
	void whenMonitorThreadIsAwakeShouldStillReportPause() throws Exception {
		Path output = this.directory.resolve("output");
		Process process = ForkedApplication.launch(AwakeMonitor.class, output, this.directory);
		try {
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Files.readString(output).contains("AWAKE"));
			ForkedApplication.signal(process, "STOP");
			TimeUnit.SECONDS.sleep(4); // the length of the suspension
			ForkedApplication.signal(process, "CONT");
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(
						() -> assertThat(Files.readString(output)).containsPattern("PAUSED ([3-9]|1\\d)\\d{3}\\b"));
		}
		finally {
			process.destroyForcibly();
		}
	}

	/** Thresholds for busy machines: ten seconds must be distinguishable from one. */
	private ForkedApplication start() throws Exception {
		ForkedApplication application = ForkedApplication.start(this.directory, this.directory.resolve("output"),
				"--eventloop.health.startup-grace=1s", "--eventloop.health.overloaded-p99=2s");
		application.client().get("/spin/1");
		// Until its status is computed, and between the wake-ups of the loops by Netty
		// each second: a loop that is suspended while awake is not idle.
		TimeUnit.MILLISECONDS.sleep(2500);
		return application;
	}

	private static void assertPaused(Client client) {
		JsonNode loops = client.eventLoops();
		assertThat(loops.at("/pause/maxMillis").asDouble()).as(loops::toString).isBetween(9_500.0, 20_000.0);
	}

	private static List<JsonNode> stallsOfSeconds(Client client) {
		return client.stalls().valueStream().filter((stall) -> stall.get("durationMillis").asDouble() > 5000).toList();
	}

	private static void suspend(ForkedApplication application) throws Exception {
		application.signal("STOP");
		TimeUnit.SECONDS.sleep(10); // the length of the suspension
		application.signal("CONT");
	}

	/** Assert that the instance stays ready while the suspension is in the window. */
	private static void assertStaysReady(Client client) {
		Awaitility.await()
			.during(Duration.ofSeconds(4))
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(100))
			.untilAsserted(() -> {
				assertThat(client.eventLoops().get("status").asString()).isIn(List.of("HEALTHY", "DEGRADED"));
				assertThat(client.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
			});
	}

	/**
	 * A monitor whose thread is kept awake, so that it does not wake up late when the
	 * process is suspended.
	 */
	public static final class AwakeMonitor {

		private AwakeMonitor() {
		}

		/**
		 * Run until the process is killed.
		 * @param args none
		 */
		public static void main(String[] args) throws InterruptedException {
			EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);
			AtomicInteger seconds = new AtomicInteger();
			monitor.addListener(new EventLoopListener() {

				@Override
				public void onSecond(EventLoopSecond second) {
					if (seconds.getAndIncrement() == 1) {
						System.out.println("AWAKE");
						spin(Duration.ofSeconds(2));
					}
				}

			});
			monitor.start();
			while (true) {
				TimeUnit.MILLISECONDS.sleep(500);
				System.out.println("PAUSED " + monitor.snapshot().pause().maxNanos() / 1_000_000);
			}
		}

		/** Use the given CPU time, regardless of the elapsed time. */
		private static void spin(Duration length) {
			ThreadMXBean threads = ManagementFactory.getThreadMXBean();
			long end = threads.getCurrentThreadCpuTime() + length.toNanos();
			while (threads.getCurrentThreadCpuTime() < end) {
				Thread.onSpinWait();
			}
		}

	}

}
