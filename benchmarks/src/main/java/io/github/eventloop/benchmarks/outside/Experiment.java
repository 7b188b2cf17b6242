package io.github.eventloop.benchmarks.outside;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;

import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.load.Load;
import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.LoadRun;
import io.github.eventloop.benchmarks.load.Plan;
import io.github.eventloop.benchmarks.process.Application;
import io.github.eventloop.benchmarks.process.Instance;
import io.github.eventloop.benchmarks.process.Pause;

/**
 * An instance of the sample whose loops are disturbed while a client requests another
 * resource.
 */
final class Experiment implements AutoCloseable {

	/** Requests per second: few enough not to queue behind each other. */
	private static final int REQUESTS = 400;

	/**
	 * More than the requests that arrive while a loop is blocked, so that no request has
	 * to wait for a connection, or prefers one whose loop is free.
	 */
	private static final int CONNECTIONS = 200;

	private static final Duration WARM_UP = Duration.ofSeconds(10);

	/** Compiles an offender, so that it takes the same time for each request. */
	private static final Plan WARM_UP_VISITS = Plan.steady(4, Duration.ofSeconds(8));

	/** The window is rounded to whole seconds. */
	private static final Duration MARGIN = Duration.ofSeconds(2);

	private final Duration window;

	private final Instance instance;

	private final String products;

	private double undisturbedMillis;

	private long seed = 1;

	/**
	 * Start the instance, and measure the latency of an undisturbed request.
	 * @param window the period to compare
	 * @param directory the directory for its log
	 */
	Experiment(Duration window, Path directory) {
		this.window = window;
		this.instance = Application.sample()
			.loops(2)
			.property("eventloop.window", window.toSeconds() + "s")
			.property("eventloop.history", window.multipliedBy(2).toSeconds() + "s")
			.property("management.server.port", 0)
			.start("disturbed", directory);
		try {
			this.products = get(this.instance.url("/catalog/export?products=24000"));
			load(WARM_UP).close();
			try (LoadRun load = load(window)) {
				this.undisturbedMillis = Quantiles.of(load.await()).p50();
			}
		}
		catch (RuntimeException ex) {
			this.instance.close();
			throw ex;
		}
	}

	/**
	 * Return the latency of an undisturbed request.
	 * @return the median in milliseconds
	 */
	double undisturbedMillis() {
		return this.undisturbedMillis;
	}

	/**
	 * Disturb the loops.
	 * @param disturbance the disturbance
	 * @return the measured latency and the reported lag
	 */
	Comparison disturb(Disturbance disturbance) {
		try (LoadRun visits = visit(disturbance, WARM_UP_VISITS)) {
			// Fails unless all requests are answered.
			Quantiles.of(visits.await());
		}
		Duration duration = this.window.plus(MARGIN).plus(MARGIN);
		try (LoadRun visits = visit(disturbance, Plan.steady(disturbance.perSecond(), duration));
				LoadRun load = load(duration.plus(MARGIN))) {
			Pause.of(this.window.plus(MARGIN));
			Duration before = load.elapsed();
			JsonNode overview = this.instance.actuator("/actuator/eventloop").orElseThrow();
			Duration end = before.plus(load.elapsed()).dividedBy(2);
			Duration begin = end.minus(Duration.ofMillis((long) (overview.get("windowSeconds").asDouble() * 1000)));
			visits.stop();
			LoadResult seen = load.await().between(begin, end);
			return new Comparison(disturbance, Quantiles.of(seen).minus(this.undisturbedMillis),
					Quantiles.of(overview.get("lag")), seen.clientLagP99Millis());
		}
	}

	private LoadRun load(Duration duration) {
		return Load.get(this.instance.url("/products/1"))
			.connections(CONNECTIONS)
			.prefilled()
			.start(Plan.steady(REQUESTS, duration).poisson(this.seed++));
	}

	private LoadRun visit(Disturbance disturbance, Plan plan) {
		Load visits = Load.get(this.instance.url(disturbance.path())).connections(4).prefilledBy("/products/1");
		return (disturbance.posts() ? visits.posting(this.products) : visits).start(plan);
	}

	private static String get(String url) {
		try {
			return HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
				.body();
		}
		catch (IOException ex) {
			throw new IllegalStateException("No products from " + url, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	@Override
	public void close() {
		this.instance.close();
	}

}
