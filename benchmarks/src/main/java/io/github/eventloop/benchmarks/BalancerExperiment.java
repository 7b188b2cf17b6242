package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.BalancerRecording.Poll;
import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario;
import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario.Timeline;
import io.github.eventloop.benchmarks.Haproxy.Connections;

/**
 * Instances behind a balancer, started and warmed up, with two clients that connect
 * through it, one with a pool of persistent connections and one that opens a connection
 * for each request, and a third client that connects to the lagging instances directly
 * and makes their loops sleep.
 */
final class BalancerExperiment implements AutoCloseable {

	/** Conditions of the measurement, for the summary. */
	static final String CONDITIONS = """
			Three instances of the sample, each with two loops, `-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1`,
			`eventloop.health.startup-grace=5s` and `eventloop.health.leave-within=0s`, behind HAProxy in `mode tcp`; probes
			every 2 s with a timeout of 1 s, not ready after 2 failures, ready after 1 success. One client sends 80 requests
			per second over a pool of 30 persistent connections, another 20 per second, each over a new connection; both
			request `/products/1` at random times (Poisson, open loop). To make an instance lag, a request every 400 ms makes
			one of its loops sleep for 350 ms. Latency is measured from the time at which a request was due; p99 is that of
			answered requests. Lost: no answer within 10 s, or
			an error.""";

	private static final String ROUTE = "/products/1";

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	/** Enough for a small application on an idle machine; the default is 30 s. */
	private static final Duration GRACE = Duration.ofSeconds(5);

	private final BalancerScenario scenario;

	private final List<Instance> instances = new ArrayList<>();

	private final Haproxy balancer;

	private BalancerExperiment(BalancerScenario scenario, boolean managementPort, Path directory) throws IOException {
		this.scenario = scenario;
		try {
			for (String name : BalancerScenario.INSTANCES) {
				Application sample = Application.sample()
					.frugal()
					.loops(2)
					.property("eventloop.health.startup-grace", GRACE.toSeconds() + "s")
					.properties(scenario.properties());
				this.instances.add((managementPort ? sample.managementPort() : sample).start(name, directory));
			}
			this.instances.forEach(BalancerExperiment::warmUp);
			// The grace period starts with the first second in which an instance is
			// ready.
			Pause.of(GRACE.plusSeconds(1));
			this.balancer = new Haproxy(this.instances, directory);
		}
		catch (IOException | RuntimeException ex) {
			this.instances.forEach(Instance::close);
			throw ex;
		}
	}

	/** Run a scenario, probing a separate management port if requested. */
	static BalancerRecording run(BalancerScenario scenario, boolean managementPort, Path directory) throws IOException {
		try (BalancerExperiment experiment = new BalancerExperiment(scenario, managementPort, directory)) {
			return experiment.run();
		}
	}

	/**
	 * Load the classes that requests need: otherwise the first requests would be the
	 * slowest.
	 */
	private static void warmUp(Instance instance) {
		for (String path : List.of(ROUTE, "/offenders/sleep?millis=1", "/actuator/health/readiness")) {
			Load.get(instance.url(path)).connections(4).start(Plan.steady(50, Duration.ofSeconds(1))).await();
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored") // ends with the timer
	private BalancerRecording run() {
		Timeline timeline = this.scenario.timeline();
		String url = this.balancer.url(ROUTE);
		List<Poll> polls = new CopyOnWriteArrayList<>();
		List<RunningLoad> disturbances = new ArrayList<>();
		ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
		try (RunningLoad pooled = Load.get(url)
			.connections(30)
			.prefilled()
			.timeout(TIMEOUT)
			.start(Plan.steady(80, timeline.end()).poisson(1));
				RunningLoad fresh = Load.get(url)
					.newConnectionForEach()
					.timeout(TIMEOUT)
					.start(Plan.steady(20, timeline.end()).poisson(2))) {
			long epochMillis = System.currentTimeMillis() - pooled.elapsed().toMillis();
			timer.scheduleAtFixedRate(() -> poll(pooled, polls), 0, BalancerRecording.POLL_MILLIS,
					TimeUnit.MILLISECONDS);
			Pause.of(timeline.before().minus(pooled.elapsed()));
			this.instances.stream()
				.filter((instance) -> this.scenario.lagging().contains(instance.name()))
				.forEach((instance) -> disturbances.add(disturb(instance, timeline.lag())));
			LoadResult kept = pooled.await();
			LoadResult once = fresh.await();
			timer.shutdownNow();
			Connections connections = this.balancer.connections();
			return new BalancerRecording(this.scenario, kept, once, List.copyOf(polls), lags(epochMillis),
					(sample) -> connections.instance(sample.clientPort(),
							epochMillis + (sample.dueNanos() + sample.latencyNanos()) / 1_000_000));
		}
		finally {
			timer.shutdownNow();
			disturbances.forEach(RunningLoad::close);
		}
	}

	private void poll(RunningLoad clock, List<Poll> polls) {
		try {
			polls.add(new Poll(clock.elapsed().toNanos() / 1e9, this.balancer.ready()));
		}
		catch (IOException ex) {
			// The balancer did not answer in time.
		}
	}

	/**
	 * Make the loops of an instance sleep, in turn, for 350 of every 400 milliseconds.
	 * The gap keeps a queue from growing even if all requests reach the same loop, as can
	 * happen after the instance has closed connections.
	 */
	private static RunningLoad disturb(Instance instance, Duration duration) {
		return Load.get(instance.url("/offenders/sleep?millis=350"))
			.connections(4)
			.prefilledBy(ROUTE)
			.start(Plan.steady(2.5, duration));
	}

	/** The p99 lag of each second, as measured by the instances themselves. */
	private Map<String, double[]> lags(long epochMillis) {
		Map<String, double[]> lags = new HashMap<>();
		for (Instance instance : this.instances) {
			double[] ofInstance = new double[(int) this.scenario.timeline().end().toSeconds()];
			Arrays.fill(ofInstance, Double.NaN);
			JsonNode history = instance.eventLoops("/history");
			for (int i = 0; i < history.get("epochMillis").size(); i++) {
				// Seconds are identified by their end, and those of the instance are not
				// aligned with ours: take the nearest.
				long second = Math.round((history.get("epochMillis").get(i).asLong() - epochMillis) / 1000.0) - 1;
				if (second >= 0 && second < ofInstance.length) {
					ofInstance[(int) second] = history.get("lagP99Millis").get(i).asDouble();
				}
			}
			lags.put(instance.name(), ofInstance);
		}
		return lags;
	}

	@Override
	public void close() {
		this.balancer.close();
		this.instances.forEach(Instance::close);
	}

}
