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
 * An instance of the sample whose loops are disturbed while a client asks for something
 * else.
 */
final class Experiment implements AutoCloseable {

	/** A second: so few that they do not wait for each other. */
	private static final int REQUESTS = 400;

	/**
	 * More than requests come while a loop is held up, so that none of them has to wait
	 * for a connection, nor prefers one whose loop is free.
	 */
	private static final int CONNECTIONS = 200;

	private static final Duration WARM_UP = Duration.ofSeconds(10);

	/** So that an offender is compiled and takes as long each time. */
	private static final Plan WARM_UP_VISITS = Plan.steady(4, Duration.ofSeconds(8));

	/** The window is cut to whole seconds. */
	private static final Duration MARGIN = Duration.ofSeconds(2);

	private final Duration window;

	private final Instance instance;

	private final String products;

	private double undisturbedMillis;

	private long seed = 1;

	/**
	 * Start the instance, and see what a request takes while nothing disturbs it.
	 * @param window what to compare
	 * @param directory where to write its log to
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
			ask(WARM_UP).close();
			try (LoadRun load = ask(window)) {
				this.undisturbedMillis = Quantiles.of(load.await()).p50();
			}
		}
		catch (RuntimeException ex) {
			this.instance.close();
			throw ex;
		}
	}

	/**
	 * Return what a request takes while nothing disturbs it.
	 * @return the median in milliseconds
	 */
	double undisturbedMillis() {
		return this.undisturbedMillis;
	}

	/**
	 * Disturb the loops.
	 * @param disturbance by what
	 * @return what was seen and reported
	 */
	Comparison disturb(Disturbance disturbance) {
		try (LoadRun visits = visit(disturbance, WARM_UP_VISITS)) {
			// Fails unless all are answered.
			Quantiles.of(visits.await());
		}
		Duration duration = this.window.plus(MARGIN).plus(MARGIN);
		try (LoadRun visits = visit(disturbance, Plan.steady(disturbance.perSecond(), duration));
				LoadRun load = ask(duration.plus(MARGIN))) {
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

	private LoadRun ask(Duration duration) {
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
