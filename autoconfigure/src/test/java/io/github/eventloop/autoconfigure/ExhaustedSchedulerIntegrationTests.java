package io.github.eventloop.autoconfigure;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the endpoint and the probes answer while all threads of Reactor's
 * {@code boundedElastic} scheduler are blocked.
 */
class ExhaustedSchedulerIntegrationTests {

	private final CountDownLatch release = new CountDownLatch(1);

	private ConfigurableApplicationContext context;

	@BeforeEach
	void exhaust() throws InterruptedException {
		CountDownLatch blocked = new CountDownLatch(Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE);
		for (int i = 0; i < Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE; i++) {
			Schedulers.boundedElastic().schedule(() -> {
				blocked.countDown();
				block();
			});
		}
		assertThat(blocked.await(60, TimeUnit.SECONDS)).isTrue();
	}

	private void block() {
		try {
			this.release.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@AfterEach
	void release() {
		this.release.countDown();
		this.context.close();
	}

	@ParameterizedTest
	@CsvSource({ "management.endpoints.web.base-path=/actuator, local.server.port",
			"management.server.port=0, local.management.port" })
	void endpointAndProbesShouldAnswer(String property, String port) {
		CompletableFuture<String> waiting = Mono.fromCallable(() -> "ran")
			.subscribeOn(Schedulers.boundedElastic())
			.toFuture();
		this.context = BlockableApplication.run("eventloop.drill.enabled=true", property);
		Visitor visitor = new Visitor(this.context.getEnvironment().getRequiredProperty(port, Integer.class));
		String endpoint = "/actuator/eventloop";
		String loop = visitor.eventLoops().at("/loops/0/name").asString();
		assertThat(visitor.send("GET", endpoint, "", "Accept", "text/html").body()).startsWith("<!doctype html>");
		for (String view : new String[] { "", "/diagnosis", "/history", "/stalls", "/hotspots", "/blocking", "/live",
				"/live?after=1&position=1", "/loops/" + loop }) {
			assertThat(visitor.status(endpoint + view)).as(view).isEqualTo(200);
		}
		assertThat(visitor.status(endpoint + "/stalls/123456")).isEqualTo(404);
		assertThat(visitor.send("DELETE", endpoint + "/stalls", "").statusCode()).isEqualTo(204);
		HttpResponse<String> drill = visitor.send("POST", endpoint + "/drill", "{\"millis\":5}", "Content-Type",
				"application/json");
		assertThat(drill.statusCode()).isEqualTo(202);
		assertThat(visitor.status("/actuator/health/liveness")).isEqualTo(200);
		assertThat(visitor.json("/actuator/health/readiness").at("/status").asString()).isEqualTo("UP");
		AvailabilityChangeEvent.publish(this.context, ReadinessState.REFUSING_TRAFFIC);
		assertThat(visitor.status("/actuator/health/readiness")).isEqualTo(503);
		assertThat(waiting).as("on the scheduler").isNotDone();
		this.release.countDown();
		assertThat(waiting).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("ran");
	}

}
