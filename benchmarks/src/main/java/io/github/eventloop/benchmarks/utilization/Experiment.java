package io.github.eventloop.benchmarks.utilization;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.load.Load;
import io.github.eventloop.benchmarks.load.LoadRun;
import io.github.eventloop.benchmarks.load.Plan;
import io.github.eventloop.benchmarks.process.Application;
import io.github.eventloop.benchmarks.process.CpuQuota;
import io.github.eventloop.benchmarks.process.Instance;
import io.github.eventloop.benchmarks.process.Pause;

/**
 * A run of an instance with as many loops as CPUs, idle and then under the load of a
 * scenario.
 */
final class Experiment {

	/** Conditions of the measurement, for the summary. */
	static final String CONDITIONS = """
			The sample with as many loops as the process has CPUs; 8 persistent connections, evenly spaced requests. All figures
			are from `/actuator/eventloop/history`, second by second: utilization, mean of the loops; CPU of the loops, mean of
			their threads; CPU of the process, as a share of the CPUs that are available to it.""";

	/** Time for the JVM to compile the code of the requests. */
	private static final Duration WARM_UP = Duration.ofSeconds(5);

	/** Idle time before the load. */
	static final Duration REST = Duration.ofSeconds(2);

	private Experiment() {
	}

	/**
	 * Run a scenario.
	 * @param scenario the scenario
	 * @param step the duration of each step
	 * @param directory the directory for its log
	 * @return the recording, or empty if it needs control groups that cannot be written
	 */
	static Optional<Recording> run(Scenario scenario, Duration step, Path directory) {
		if (!scenario.halved()) {
			return Optional.of(run(scenario, application(scenario), step, directory, () -> {
			}));
		}
		return CpuQuota.create().map((quota) -> {
			try (quota) {
				// Starting with half a CPU would take a minute.
				return run(scenario, application(scenario).within(quota), step, directory,
						() -> quota.limit(Scenario.HALF));
			}
		});
	}

	private static Application application(Scenario scenario) {
		return Application.sample().loops(scenario.cpus()).jvm(scenario.jvm().toArray(String[]::new));
	}

	private static Recording run(Scenario scenario, Application application, Duration step, Path directory,
			Runnable whenWarm) {
		List<Integer> steps = scenario.steps();
		try (Instance instance = application.start(scenario.name(), directory)) {
			try (LoadRun warmUp = load(instance, scenario, Plan.steady(steps.get(1), WARM_UP))) {
				warmUp.await();
			}
			whenWarm.run();
			Pause.of(Duration.ofSeconds(1));
			long from = System.currentTimeMillis();
			Pause.of(REST);
			Plan plan = Plan.steady(steps.get(0), step).then(steps.get(1), step).then(steps.get(2), step);
			try (LoadRun load = load(instance, scenario, plan)) {
				load.await();
			}
			return Recording.of(history(instance), from).between(0, end(step).toSeconds());
		}
	}

	/**
	 * Return when the load ends.
	 */
	static Duration end(Duration step) {
		return REST.plus(step.multipliedBy(3));
	}

	private static LoadRun load(Instance instance, Scenario scenario, Plan plan) {
		return Load.get(instance.url(scenario.path()))
			.connections(8)
			.prefilledBy("/products/1")
			.timeout(Duration.ofSeconds(5))
			.start(plan);
	}

	private static JsonNode history(Instance instance) {
		for (int attempt = 0; attempt < 5; attempt++) {
			// The last second of the load is not in the history before it is over.
			Pause.of(Duration.ofSeconds(1));
			Optional<JsonNode> history = instance.actuator("/actuator/eventloop/history");
			if (history.isPresent()) {
				return history.get();
			}
		}
		throw new IllegalStateException(instance.name() + " does not return its history");
	}

}
