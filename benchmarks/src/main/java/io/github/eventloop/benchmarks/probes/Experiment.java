package io.github.eventloop.benchmarks.probes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.eventloop.benchmarks.load.Load;
import io.github.eventloop.benchmarks.load.LoadRun;
import io.github.eventloop.benchmarks.load.Plan;
import io.github.eventloop.benchmarks.loops.Blockade;
import io.github.eventloop.benchmarks.loops.Loops;
import io.github.eventloop.benchmarks.process.Application;
import io.github.eventloop.benchmarks.process.Instance;

/**
 * A run of a scenario.
 */
final class Experiment {

	/** Conditions of the measurement, for the summary. */
	static final String CONDITIONS = """
			The sample with four loops, `-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1`. Loops are blocked for the whole
			time, by handlers that sleep. Readiness and liveness are probed in turn, each time over a new connection, with a
			timeout of 1 s; 503 counts as an answer. Latency is measured from the time at which a probe was due. isolated: a
			management port with its own loop (the default); not-isolated: a management port,
			`eventloop.management.isolated=false`; shared: no management port, and the blocked loop is not the one that accepts.""";

	/** The default timeout of probes in Kubernetes. */
	static final Duration TIMEOUT = Duration.ofSeconds(1);

	private static final String READINESS = "/actuator/health/readiness";

	private static final String LIVENESS = "/actuator/health/liveness";

	private Experiment() {
	}

	/**
	 * Run a scenario.
	 * @param scenario the scenario
	 * @param duration for how long to probe
	 * @param directory the directory for logs
	 * @return the outcome of the probes
	 */
	static Probes run(Scenario scenario, Duration duration, Path directory) {
		Application sample = Application.sample().frugal().loops(4);
		scenario.properties().forEach(sample::property);
		try (Instance instance = sample.start(scenario.name(), directory)) {
			warmUp(instance);
			Duration blocked = duration.plus(TIMEOUT).plusSeconds(2);
			try (Blockade blockade = Blockade.of(instance, loops(scenario, instance), blocked)) {
				Probes probes = probe(instance, scenario.perSecond(), duration);
				blockade.requireAllAsleep();
				return probes;
			}
		}
	}

	/** Load the classes that probes need, and use all loops. */
	private static void warmUp(Instance instance) {
		probe(instance, 100, Duration.ofSeconds(2));
		Load.get(instance.url("/products/1"))
			.newConnectionForEach()
			.start(Plan.steady(50, Duration.ofSeconds(1)))
			.await();
	}

	private static List<String> loops(Scenario scenario, Instance instance) {
		Loops loops = Loops.of(instance);
		return switch (scenario.blocked()) {
			case ALL -> loops.workers();
			case ONE -> List.of(loops.workerOnly());
		};
	}

	private static Probes probe(Instance instance, double perSecond, Duration duration) {
		Duration apart = Duration.ofNanos((long) (1e9 / perSecond));
		Plan first = Plan.steady(perSecond / 2, duration);
		Plan second = Plan.steady(0, apart).then(perSecond / 2, duration.minus(apart));
		try (LoadRun readiness = start(instance, READINESS, first);
				LoadRun liveness = start(instance, LIVENESS, second)) {
			return new Probes(readiness.await().and(liveness.await()));
		}
	}

	private static LoadRun start(Instance instance, String path, Plan plan) {
		return Load.get("http://127.0.0.1:" + instance.managementPort() + path)
			.newConnectionForEach()
			.timeout(TIMEOUT)
			.start(plan);
	}

}
