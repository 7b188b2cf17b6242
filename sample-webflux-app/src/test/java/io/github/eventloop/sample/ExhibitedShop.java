package io.github.eventloop.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.sample.exhibit.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sample that is started as {@code main} would, except for its port and for shorter
 * durations, and that shows what each exhibit looks like in {@code /actuator/eventloop}
 * to an HTTP client.
 * <p>
 * On a busy machine, any loop may lag now and then, and a thread that computes may be
 * starved of CPU, but an offender never looks innocent. Each signature therefore only has
 * to be found once in a few attempts.
 */
final class ExhibitedShop implements AutoCloseable {

	static final Duration WINDOW = Duration.ofSeconds(1);

	static final Duration STALL = Duration.ofMillis(50);

	private final ConfigurableApplicationContext context;

	final int port;

	final Visitor visitor;

	/** Client on another loop, which is not blocked. */
	final Visitor observer;

	final String catalog;

	ExhibitedShop() {
		this.context = new SpringApplicationBuilder(SampleApplication.class).run("--server.port=0",
				"--server.address=127.0.0.1", "--spring.reactor.netty.shutdown-quiet-period=0s",
				"--eventloop.window=" + WINDOW.toMillis() + "ms",
				"--eventloop.stall.threshold=" + STALL.toMillis() + "ms", "--eventloop.health.startup-grace=0s",
				"--eventloop.health.leave-within=0s", "--eventloop.health.overloaded-p99=400ms",
				"--eventloop.health.recover-after=1s",
				// Clients keep their connections, and therefore their loops.
				"--eventloop.readiness.close-connections=false");
		this.port = this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		this.visitor = new Visitor(this.port);
		this.observer = new Visitor(this.port);
		assertThat(this.observer.loop()).isNotEqualTo(this.visitor.loop());
		this.catalog = this.visitor.get("/catalog/export");
	}

	@Override
	public void close() {
		this.context.close();
	}

	String status() {
		return this.observer.json("/actuator/eventloop").get("status").asString();
	}

	/**
	 * Wait until the window is free of earlier load, and read the endpoint before and
	 * after the request.
	 */
	Signature signature(Supplier<Outcome> visit) {
		await(() -> Signature.loops(this.observer.json("/actuator/eventloop"))
			.allMatch((loop) -> loop.get("utilization").asDouble() < 0.1));
		JsonNode before = this.visitor.json("/actuator/eventloop");
		Instant sent = Instant.now();
		Outcome outcome = visit.get();
		return new Signature(outcome, before, this.visitor.json("/actuator/eventloop"),
				stallsSince(sent, outcome.thread()));
	}

	private List<JsonNode> stallsSince(Instant time, String loop) {
		return this.observer.json("/actuator/eventloop/stalls")
			.get("stalls")
			.valueStream()
			.filter((stall) -> stall.get("loop").asString().equals(loop))
			.filter((stall) -> !Instant.parse(stall.get("startedAt").asString()).isBefore(time))
			.toList();
	}

	static void attempt(ThrowingRunnable assertion) {
		Awaitility.await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
	}

	static void await(Callable<Boolean> condition) {
		Awaitility.await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(60)).until(condition);
	}

}
