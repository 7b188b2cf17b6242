package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.Run.Targets;

/**
 * Benchmark that compares the reported lag with the latency that a client sees, while
 * each of the sample's offenders disturbs the loops.
 */
public final class OutsideRun implements AutoCloseable {

	/**
	 * More than the requests that arrive while a loop is blocked, so that no request has
	 * to wait for a connection, or prefers one whose loop is free.
	 */
	private static final int CONNECTIONS = 200;

	/** Requests per second: few enough not to queue behind each other. */
	private static final int REQUESTS = 400;

	/** The window is rounded to whole seconds. */
	private static final Duration MARGIN = Duration.ofSeconds(2);

	private final Duration window;

	private final Instance instance;

	private final String products;

	private final double undisturbedMillis;

	private long seed = 1;

	/**
	 * Start an instance of the sample, and measure the latency of an undisturbed request.
	 */
	OutsideRun(Duration window, Path directory) {
		this.window = window;
		this.instance = Application.sample()
			.loops(2)
			.property("eventloop.window", window.toSeconds() + "s")
			.property("eventloop.history", 2 * window.toSeconds() + "s")
			.managementPort()
			.start("disturbed", directory);
		try {
			this.products = Http.get(this.instance.url("/catalog/export?products=24000"));
			load(Duration.ofSeconds(10)).await();
			this.undisturbedMillis = load(window).await().requireAllOk().millis(50);
		}
		catch (RuntimeException ex) {
			this.instance.close();
			throw ex;
		}
	}

	/**
	 * The duration for each offender is in seconds. Exits with status 1 if lag and
	 * latency differ.
	 */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("outside", arguments, "offender", "seconds");
		int seconds = run.get("seconds", 40);
		List<Disturbance> disturbances = run.choose("offender", Disturbance.ALL, Disturbance::name);
		run.progress("the sample starts and warms up, then %d s for each of %d offenders", seconds + 14,
				disturbances.size());
		try (OutsideRun outside = new OutsideRun(Duration.ofSeconds(seconds), run.directory())) {
			run.say("""
					# Lag reported, latency seen

					The sample with two loops. A client in a separate process requests `/products/1` 400 times per second at
					random times, over 200 connections, and measures latency from the time at which a request was due; the
					median without any disturbance, %.2f ms, is subtracted. Meanwhile an offender is visited once or twice a
					second, each visit on one of the loops. Both columns cover the same %d seconds: lag is the value reported by
					`/actuator/eventloop`, on a separate management port.

					| offender | p50 seen | reported | p90 seen | reported | p99 seen | reported | max seen | reported |
					| --- | --- | --- | --- | --- | --- | --- | --- | --- |""",
					outside.undisturbedMillis, seconds);
			for (Disturbance disturbance : disturbances) {
				List<Quantile> quantiles = outside.disturb(disturbance);
				List<String> row = new ArrayList<>();
				row.add(Run.format("`%s?%s` %.0f/s", disturbance.name(), disturbance.query(), disturbance.perSecond()));
				for (Quantile quantile : quantiles) {
					row.add(Run.format("%.1f", quantile.seen()));
					row.add(Run.format("%.1f", quantile.reported()));
				}
				run.row(row);
				run.missed(missed(disturbance.name(), quantiles));
			}
		}
		run.say("""

				What this does not show: visits that coincide on a loop. Lag is the time until the loop polls for events
				again; an event that is then handled after another visit waits for that one as well
				([limits](compatibility.md#what-lag-does-not-include)). And the whole duration of an iteration: the
				longest iteration may begin right after a request of the client, so the client's maximum is lower.""");
		run.end();
	}

	/** Return p50, p90, p99 and max while the loops are disturbed. */
	List<Quantile> disturb(Disturbance disturbance) {
		// Compiles an offender, so that it takes the same time for each request.
		visit(disturbance, Plan.steady(4, Duration.ofSeconds(8))).await().requireAllOk();
		Duration duration = this.window.plus(MARGIN).plus(MARGIN);
		try (RunningLoad visits = visit(disturbance, Plan.steady(disturbance.perSecond(), duration));
				RunningLoad load = load(duration.plus(MARGIN))) {
			Pause.of(this.window.plus(MARGIN));
			Duration before = load.elapsed();
			JsonNode overview = this.instance.eventLoops("");
			Duration end = before.plus(load.elapsed()).dividedBy(2);
			Duration begin = end.minus(Duration.ofMillis((long) (overview.get("windowSeconds").asDouble() * 1000)));
			visits.stop();
			return compare(load.await().between(begin, end), overview.get("lag"), this.undisturbedMillis);
		}
	}

	static List<Quantile> compare(LoadResult load, JsonNode lag, double undisturbedMillis) {
		load.requireAllOk();
		List<Quantile> quantiles = new ArrayList<>();
		int[] percentiles = { 50, 90, 99, 100 };
		for (int percentile : percentiles) {
			String name = (percentile < 100) ? "p" + percentile : "max";
			quantiles.add(new Quantile(name, Math.max(0, load.millis(percentile) - undisturbedMillis),
					lag.get(name + "Millis").asDouble()));
		}
		return quantiles;
	}

	static List<String> missed(String disturbance, List<Quantile> quantiles) {
		Targets targets = new Targets(disturbance);
		quantiles.forEach((quantile) -> targets.check(quantile.isWithinTarget(),
				"the client saw %s of %.1f ms, reported is %.1f ms", quantile.name(), quantile.seen(),
				quantile.reported()));
		return targets.missed();
	}

	private RunningLoad load(Duration duration) {
		return Load.get(this.instance.url("/products/1"))
			.connections(CONNECTIONS)
			.prefilled()
			.start(Plan.steady(REQUESTS, duration).poisson(this.seed++));
	}

	private RunningLoad visit(Disturbance disturbance, Plan plan) {
		Load visits = Load.get(this.instance.url("/offenders/" + disturbance.name() + "?" + disturbance.query()))
			.connections(4)
			.prefilledBy("/products/1");
		return (disturbance.name().equals("json") ? visits.posting(this.products) : visits).start(plan);
	}

	@Override
	public void close() {
		this.instance.close();
	}

	/**
	 * A quantile of the latency of the client, minus the latency of an undisturbed
	 * request, and of the lag that was reported for the same seconds, in milliseconds.
	 */
	record Quantile(String name, double seen, double reported) {

		/** A difference has to exceed both limits to count. */
		private boolean isWithinTarget() {
			double difference = Math.abs(this.reported - this.seen);
			return difference <= 2 || difference <= 0.1 * this.seen;
		}

	}

	/**
	 * A disturbance of the loops: requests to an offender of the sample.
	 */
	record Disturbance(String name, String query, double perSecond) {

		/**
		 * Every offender of the sample that blocks a loop of the server, with durations
		 * and rates at which a few percent of all requests are affected: at one percent,
		 * the 99th percentile would be a matter of chance.
		 */
		static final List<Disturbance> ALL = List.of(new Disturbance("sleep", "millis=100", 1),
				new Disturbance("http", "millis=150", 1), new Disturbance("jdbc", "orders=150", 1),
				new Disturbance("file", "suppliers=1", 1), new Disturbance("fibonacci", "n=36", 1),
				new Disturbance("bcrypt", "strength=10", 1), new Disturbance("regex", "coupon=AUTUMNSALEFREEDELIV", 2),
				new Disturbance("sort", "products=40000", 1), new Disturbance("json", "", 2),
				new Disturbance("garbage", "rows=4000", 2), new Disturbance("flood", "tasks=10000", 1));

	}

}
