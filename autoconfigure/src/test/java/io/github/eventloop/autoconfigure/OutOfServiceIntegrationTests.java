package io.github.eventloop.autoconfigure;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.monitor.EventLoopMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application that is out of service, with a real server.
 */
@ExtendWith(OutputCaptureExtension.class)
class OutOfServiceIntegrationTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	private final ExecutorService executor = Executors.newCachedThreadPool();

	@AfterEach
	void shutDown() {
		this.executor.shutdownNow();
	}

	@Test
	void shouldCloseConnections() {
		try (ConfigurableApplicationContext context = run()) {
			Visitor visitor = Visitor.of(context);
			assertThat(closes(visitor)).isFalse();
			leaveService(context);
			await(() -> closes(visitor));
			await(() -> status(context).isInService());
			assertThat(closes(visitor)).isFalse();
		}
	}

	@Test
	void whenCloseConnectionsIsDisabledShouldKeepConnections() {
		shouldKeepConnections("eventloop.readiness.close-connections=false");
	}

	@Test
	void whenReadinessIsDisabledShouldKeepConnections() {
		shouldKeepConnections("eventloop.readiness.enabled=false");
	}

	@Test
	void whenThereIsNoHealthContributorShouldKeepConnections() {
		shouldKeepConnections("management.health.eventloop.enabled=false");
	}

	private void shouldKeepConnections(String property) {
		try (ConfigurableApplicationContext context = run(LONG, property)) {
			Visitor visitor = Visitor.of(context);
			leaveService(context);
			assertThat(Stream.generate(() -> closes(visitor)).limit(50)).containsOnly(false);
			assertThat(status(context).isInService()).isFalse();
		}
	}

	@Test
	void whenThereAreManyProbesShouldAnswerEach() throws Exception {
		try (ConfigurableApplicationContext context = run("management.server.port=0",
				"management.server.address=127.0.0.1")) {
			leaveService(context);
			int port = context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
			List<Callable<Boolean>> probes = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				Visitor probe = new Visitor(port);
				probes.add(() -> Stream.generate(() -> probe.status("/actuator/health/readiness"))
					.limit(500)
					.allMatch((status) -> status == 503 || status == 200));
			}
			for (Future<Boolean> answered : this.executor.invokeAll(probes, 1, TimeUnit.MINUTES)) {
				assertThat(answered.get()).isTrue();
			}
			// Requests have no influence on the status.
			await(() -> status(context).isInService());
		}
	}

	@Test
	void whenContextClosesShouldNotLogAnotherStatus(CapturedOutput output) {
		ConfigurableApplicationContext context = run();
		EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
		leaveService(context);
		context.close();
		assertThat(monitor.snapshot().loops()).isEmpty();
		assertThat(output.toString()).contains("Out of service: event loops are STUCK")
			.doesNotContain("Exception")
			.doesNotContain("Back in service");
		Awaitility.await()
			.atMost(LONG)
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().startsWith("eventloop-")));
	}

	private static ConfigurableApplicationContext run(String... properties) {
		return run(Duration.ofSeconds(4), properties);
	}

	private static ConfigurableApplicationContext run(Duration recoverAfter, String... properties) {
		return BlockableApplication.run(
				Stream
					.concat(Stream.of("eventloop.health.startup-grace=0s", "eventloop.health.leave-within=0s",
							"eventloop.health.stuck-after=300ms",
							"eventloop.health.recover-after=" + recoverAfter.toSeconds() + "s",
							"eventloop.readiness.close-connections=true"), Stream.of(properties))
					.toArray(String[]::new));
	}

	/**
	 * Block one loop until the application leaves service, without blocking the others.
	 */
	private void leaveService(ConfigurableApplicationContext context) {
		Visitor blocker = Visitor.of(context);
		this.executor.execute(() -> blocker.block(Duration.ofMillis(2500)));
		await(() -> status(context) == EventLoopStatus.STUCK);
	}

	private static EventLoopStatus status(ConfigurableApplicationContext context) {
		return context.getBean(EventLoopHealth.class).status();
	}

	private static boolean closes(Visitor visitor) {
		HttpResponse<String> response = visitor.get("/loop");
		return response.headers().firstValue("connection").filter("close"::equals).isPresent();
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(condition);
	}

}
