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
 * A run of a scenario with two clients that connect through the balancer, one with a pool
 * of persistent connections and one that opens a connection for each request, and a third
 * client that connects to the lagging instances directly and makes their loops sleep.
 */
final class Experiment {

	/** Conditions of the measurement, for the summary. */
	static final String CONDITIONS = """
			Three instances of the sample, each with two loops, `-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1` and
			`eventloop.health.startup-grace=5s`, behind HAProxy in `mode tcp`; probes every 2 s with a timeout of 1 s, not ready
			after 2 failures, ready after 1 success. One client sends 80 requests per second over a pool of 30 persistent
			connections, another 20 per second, each over a new connection; both request `/products/1` at random times (Poisson,
			open loop). To make an instance lag, a request every 400 ms makes one of its loops sleep for 350 ms. Latency is
			measured from the time at which a request was due; p99 is that of answered requests. Lost: no answer within 10 s, or
			an error.""";

	private static final String ROUTE = "/products/1";

	private static final int POOL = 30;

	private static final double POOLED_RATE = 80;

	private static final double FRESH_RATE = 20;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Scenario scenario;

	private final Stage stage;

	private Experiment(Scenario scenario, Stage stage) {
		this.scenario = scenario;
		this.stage = stage;
	}

	/**
	 * Run a scenario.
	 * @param scenario the scenario
	 * @param managementPort whether to probe a separate management port
	 * @param directory the directory for logs
	 * @return the recorded measurements
	 */
	static Recording run(Scenario scenario, boolean managementPort, Path directory) {
		try (Stage stage = new Stage(scenario, managementPort, directory)) {
			return new Experiment(scenario, stage).run();
		}
	}

	private Recording run() {
		Timeline timeline = this.scenario.timeline();
		String url = this.stage.balancer().url(ROUTE);
		try (LoadRun pooled = Load.get(url)
			.connections(POOL)
			.prefilled()
			.timeout(TIMEOUT)
			.start(Plan.steady(POOLED_RATE, timeline.end()).poisson(1));
				LoadRun fresh = Load.get(url)
					.newConnectionForEach()
					.timeout(TIMEOUT)
					.start(Plan.steady(FRESH_RATE, timeline.end()).poisson(2));
				ReadinessPoller poller = new ReadinessPoller(this.stage.balancer(), pooled)) {
			long epochMillis = System.currentTimeMillis() - pooled.elapsed().toMillis();
			Pause.of(timeline.before().minus(pooled.elapsed()));
			List<LoadRun> disturbances = this.stage.instances()
				.stream()
				.filter((instance) -> this.scenario.lagging().contains(instance.name()))
				.map((instance) -> disturb(instance, timeline.lag()))
				.toList();
			LoadResult kept = pooled.await();
			LoadResult once = fresh.await();
			Connections connections = this.stage.balancer().connections();
			Recording recording = new Recording(this.scenario, kept, once, poller.end(), lags(epochMillis),
					(sample) -> connections.instance(sample.clientPort(),
							epochMillis + (sample.dueNanos() + sample.latencyNanos()) / 1_000_000));
			disturbances.forEach(LoadRun::close);
			return recording;
		}
	}

	/**
	 * Make the loops of an instance sleep, in turn, for 350 of every 400 milliseconds.
	 * The gap keeps a queue from growing even if all requests reach the same loop, as can
	 * happen after the instance has closed connections.
	 */
	private static LoadRun disturb(Instance instance, Duration duration) {
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
	 * The p99 lag of each second, as measured by the instance itself.
	 */
	private static double[] lags(Instance instance, long epochMillis, int seconds) {
		double[] lags = new double[seconds];
		Arrays.fill(lags, Double.NaN);
		JsonNode history = instance.actuator("/actuator/eventloop/history").orElseThrow();
		JsonNode times = history.get("epochMillis");
		// The instance's seconds are identified by their end and are not aligned with
		// ours: take the one whose end is nearest.
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
