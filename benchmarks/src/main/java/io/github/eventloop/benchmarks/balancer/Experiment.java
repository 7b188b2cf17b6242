package io.github.eventloop.benchmarks.balancer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.load.Load;
import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.LoadRun;
import io.github.eventloop.benchmarks.load.Plan;
import io.github.eventloop.benchmarks.process.Connections;
import io.github.eventloop.benchmarks.process.Instance;
import io.github.eventloop.benchmarks.process.Pause;

/**
 * Plays a scenario: two clients through the balancer, one with a pool of connections that
 * it keeps, one that connects anew for each request; and one that goes to the lagging
 * instances directly, and makes their loops sleep.
 */
final class Experiment {

	/** What a reader of the figures has to know. */
	static final String CONDITIONS = """
			Three instances of the sample, each with two loops, `-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1` and
			`eventloop.health.startup-grace=5s`, behind HAProxy in `mode tcp`; probes every 2 s, 1 s to answer, not ready after
			2 failures, ready after 1 success. One client sends 80 requests a second over a pool of 30 connections that it
			keeps, another 20 a second, each over a new connection; both get `/products/1` at random times (Poisson), open
			loop. To make an instance lag, a request every 400 ms makes one of its loops sleep for 350 ms. Latency counts from
			when a request was due; p99 is of answered requests. Lost: not answered within 10 s, or with an error.""";

	private static final String ROUTE = "/products/1";

	private static final int POOL = 30;

	private static final double POOLED_RATE = 80;

	private static final double FRESH_RATE = 20;

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Scenario scenario;

	private final Stage stage;

	private Experiment(Scenario scenario, Stage stage) {
		this.scenario = scenario;
		this.stage = stage;
	}

	/**
	 * Play a scenario.
	 * @param scenario the scenario
	 * @param managementPort whether to probe a management port of its own
	 * @param directory where to write logs to
	 * @return what was seen
	 */
	static Recording play(Scenario scenario, boolean managementPort, Path directory) {
		try (Stage stage = new Stage(scenario, managementPort, directory)) {
			return new Experiment(scenario, stage).play();
		}
	}

	private Recording play() {
		Timeline timeline = this.scenario.timeline();
		String url = this.stage.balancer().url(ROUTE);
		try (LoadRun pooled = Load.get(url)
			.connections(POOL)
			.prefilled()
			.timeout(PATIENCE)
			.start(Plan.steady(POOLED_RATE, timeline.end()).poisson(1));
				LoadRun fresh = Load.get(url)
					.newConnectionForEach()
					.timeout(PATIENCE)
					.start(Plan.steady(FRESH_RATE, timeline.end()).poisson(2));
				Watch watch = new Watch(this.stage.balancer(), pooled)) {
			long epochMillis = System.currentTimeMillis() - pooled.elapsed().toMillis();
			Pause.of(timeline.before().minus(pooled.elapsed()));
			List<LoadRun> trouble = this.stage.instances()
				.stream()
				.filter((instance) -> this.scenario.lagging().contains(instance.name()))
				.map((instance) -> trouble(instance, timeline.lag()))
				.toList();
			LoadResult kept = pooled.await();
			LoadResult once = fresh.await();
			Connections connections = this.stage.balancer().connections();
			Recording recording = new Recording(this.scenario, kept, once, watch.end(), lags(epochMillis),
					(sample) -> connections.instance(sample.clientPort(),
							epochMillis + (sample.dueNanos() + sample.latencyNanos()) / 1_000_000));
			trouble.forEach(LoadRun::close);
			return recording;
		}
	}

	/**
	 * The loops of an instance, in turn, sleep for 350 of every 400 milliseconds. The
	 * pause keeps a queue from growing even where all of it falls to one loop, as it may
	 * when the instance has closed connections.
	 */
	private static LoadRun trouble(Instance instance, Duration duration) {
		return Load.get(instance.url("/offenders/sleep?millis=350"))
			.connections(4)
			.prefilledBy(ROUTE)
			.start(Plan.steady(2.5, duration));
	}

	private Map<String, double[]> lags(long epochMillis) {
		int seconds = (int) this.scenario.timeline().end().toSeconds();
		Map<String, double[]> lags = new HashMap<>();
		for (Instance instance : this.stage.instances()) {
			lags.put(instance.name(), lags(instance, epochMillis, seconds));
		}
		return lags;
	}

	/**
	 * The p99 lag of each second, as the instance itself has measured it.
	 */
	private static double[] lags(Instance instance, long epochMillis, int seconds) {
		double[] lags = new double[seconds];
		Arrays.fill(lags, Double.NaN);
		JsonNode history = instance.actuator("/actuator/eventloop/history").orElseThrow();
		JsonNode times = history.get("epochMillis");
		// Its seconds are named by their end, and are not ours: take the one that ends
		// nearest
		// to the end of each of ours.
		for (int second = 0; second < seconds; second++) {
			long end = epochMillis + (second + 1) * 1000L;
			for (int i = 0; i < times.size(); i++) {
				if (Math.abs(times.get(i).asLong() - end) <= 500) {
					lags[second] = history.get("lagP99Millis").get(i).asDouble();
				}
			}
		}
		return lags;
	}

}
