package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.Picture.Panel;
import io.github.eventloop.benchmarks.Run.Targets;
import io.github.eventloop.benchmarks.UtilizationRun.UtilizationRecording.Second;

/**
 * Five charts of utilization and CPU: while the loops compute, while other threads
 * compute, while no thread computes, and while there is not enough CPU.
 */
public final class UtilizationRun {

	/** Idle time before the load, in seconds. */
	private static final int REST = 2;

	/** The gap between the shades of two steps, in seconds. */
	private static final double GAP = 0.1;

	private UtilizationRun() {
	}

	/** The duration of a step is in seconds. */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("utilization", arguments, "scenario", "step");
		int step = run.get("step", 6);
		run.say("""
				# Utilization and CPU

				The sample with as many loops as the process has CPUs; 8 persistent connections, evenly spaced requests. All figures
				are from `/actuator/eventloop/history`, second by second: utilization, mean of the loops; CPU of the loops, mean of
				their threads; CPU of the process, as a share of the CPUs that are available to it.

				| the last of three steps | utilization | CPU of the loops | CPU of the process | lag p99 | pauses |
				| --- | --- | --- | --- | --- | --- |""");
		for (Scenario scenario : run.choose("scenario", Scenario.ALL, Scenario::name)) {
			run.progress("%s: the sample starts and warms up, then %d s", scenario.name(), end(step));
			Optional<UtilizationRecording> recording = run(scenario, step, run.directory());
			if (recording.isEmpty()) {
				run.say("| %s | left out: cannot create a control group | | | | |", scenario.name());
				continue;
			}
			run.keep(scenario.name(), picture(scenario, step, recording.get()));
			UtilizationRecording last = lastStep(recording.get(), step);
			run.say("| %s | %.2f | %.2f | %.2f | %.0f ms | %.0f ms/s |", scenario.name(),
					last.mean(Second::utilization), last.mean(Second::loopCpu), last.mean(Second::processCpu),
					last.mean(Second::lagP99Millis), last.mean(Second::pauseMillis));
			run.missed(last.missed(scenario.name()));
		}
		run.end();
	}

	private static Picture picture(Scenario scenario, int step, UtilizationRecording recording) {
		double[] seconds = recording.column(Second::end);
		Picture picture = new Picture(scenario.title(),
				Panel.upTo(1, "share, 0 to 1")
					.line("utilization", seconds, recording.column(Second::utilization))
					.line("CPU of the loops", seconds, recording.column(Second::loopCpu))
					.line("CPU of the process", seconds, recording.column(Second::processCpu)),
				Panel.of("ms")
					.line("lag p99", seconds, recording.column(Second::lagP99Millis))
					.line("pauses, ms/s", seconds, recording.column(Second::pauseMillis)));
		double start = REST;
		for (int requests : scenario.steps()) {
			picture.band(start, start + step - GAP, requests + " requests/s");
			start += step;
		}
		return picture;
	}

	/** When the load ends. */
	private static int end(int step) {
		return REST + 3 * step;
	}

	/** Return the last step, without the second in which it began. */
	static UtilizationRecording lastStep(UtilizationRecording recording, int step) {
		return recording.between(end(step) - step + 0.5, end(step));
	}

	/**
	 * Run a scenario with a duration of its steps, unless it needs control groups that
	 * cannot be written.
	 */
	static Optional<UtilizationRecording> run(Scenario scenario, int step, Path directory) throws IOException {
		Application application = Application.sample()
			.loops(scenario.limited() ? 1 : Runtime.getRuntime().availableProcessors())
			.jvm(scenario.jvm().toArray(String[]::new));
		if (!scenario.limited()) {
			return Optional.of(run(scenario, application, step, directory, null));
		}
		Optional<CpuQuota> created = CpuQuota.create();
		if (created.isEmpty()) {
			return Optional.empty();
		}
		try (CpuQuota quota = created.get()) {
			return Optional.of(run(scenario, application.within(quota), step, directory, quota));
		}
	}

	private static UtilizationRecording run(Scenario scenario, Application application, int step, Path directory,
			@Nullable CpuQuota quota) throws IOException {
		try (Instance instance = application.start(scenario.name(), directory)) {
			Load load = Load.get(instance.url(scenario.path()))
				.connections(8)
				.prefilledBy("/products/1")
				.timeout(Duration.ofSeconds(5));
			// Time for the JVM to compile the code of the requests.
			load.start(Plan.steady(scenario.steps().get(1), Duration.ofSeconds(5))).await();
			if (quota != null) {
				// Starting with half a CPU would take a minute.
				quota.limit();
			}
			Pause.of(Duration.ofSeconds(1));
			long from = System.currentTimeMillis();
			Pause.of(Duration.ofSeconds(REST));
			Duration duration = Duration.ofSeconds(step);
			load.start(Plan.steady(scenario.steps().get(0), duration)
				.then(scenario.steps().get(1), duration)
				.then(scenario.steps().get(2), duration)).await();
			// The last second of the load is not in the history before it is over.
			Pause.of(Duration.ofSeconds(1));
			return UtilizationRecording.of(instance.eventLoops("/history"), from).between(0, end(step));
		}
	}

	/**
	 * The requests to an instance of the sample, in three steps with an increasing rate.
	 *
	 * @param steps requests per second, step by step
	 * @param limited whether the process is limited to half a CPU
	 */
	record Scenario(String name, String title, String path, List<Integer> steps, boolean limited, List<String> jvm) {

		static final List<Scenario> ALL = List.of(
				new Scenario("computing", "The loops compute: utilization equals CPU", "/offenders/fibonacci?n=30",
						List.of(20, 60, 100), false, List.of()),
				new Scenario("garbage", "Garbage: the process uses more CPU than the loops",
						"/offenders/garbage?rows=1000", List.of(4, 8, 14), false, List.of("-Xmx56m", "-XX:+UseG1GC")),
				new Scenario("offloaded", "Work on other threads: the process computes, the loops are idle",
						"/innocents/offloaded?customers=500000", List.of(5, 10, 18), false, List.of()),
				new Scenario("quota", "A quota of half a CPU: CPU is limited to it, utilization reaches 1",
						"/offenders/fibonacci?n=30", List.of(20, 40, 200), true, List.of()),
				new Scenario("blocking", "Synchronous I/O: the loops are busy without computing",
						"/offenders/http?millis=50", List.of(8, 16, 24), false, List.of()));

	}

	/**
	 * The data of {@code /actuator/eventloop/history} for a period.
	 */
	record UtilizationRecording(List<Second> seconds) {

		/**
		 * Read an answer of the endpoint, without the seconds that began before the
		 * period.
		 */
		static UtilizationRecording of(JsonNode history, long fromEpochMillis) {
			return new UtilizationRecording(IntStream.range(0, history.get("epochMillis").size())
				.mapToObj((row) -> Second.of(history, row, fromEpochMillis))
				.filter((second) -> second.end() >= 1)
				.toList());
		}

		/** Return the seconds that lie entirely between two instants, in seconds. */
		UtilizationRecording between(double from, double to) {
			return new UtilizationRecording(
					this.seconds.stream().filter((second) -> second.end() - 1 >= from && second.end() <= to).toList());
		}

		double[] column(ToDoubleFunction<Second> figure) {
			return this.seconds.stream().mapToDouble(figure).toArray();
		}

		double mean(ToDoubleFunction<Second> figure) {
			return this.seconds.stream().mapToDouble(figure).average().orElse(Double.NaN);
		}

		/**
		 * Return the missed targets for the last step of a scenario, which have a margin
		 * for a busy machine.
		 */
		List<String> missed(String scenario) {
			double utilization = mean(Second::utilization);
			double loopCpu = mean(Second::loopCpu);
			double processCpu = mean(Second::processCpu);
			boolean pauses = mean(Second::pauseMillis) > 10;
			Targets targets = new Targets(
					scenario + ", with a utilization of %.3f, CPU of the loops %.3f, of the process %.3f"
						.formatted(utilization, loopCpu, processCpu));
			switch (scenario) {
				// The exact value depends on the speed of the machine, and on a busy one,
				// compilation takes longer than the warm-up.
				case "computing" -> targets.check(utilization > 0.1, "the loops are busy")
					.check(loopCpu > 0.7 * utilization,
							"the loops are on a CPU for most of the time that they are busy")
					.check(loopCpu > processCpu / 2, "the loops use most of the CPU time of the process");
				case "garbage" ->
					targets.check(processCpu > loopCpu + 0.15, "the collector uses CPU time in addition to the loops")
						.check(processCpu > utilization + 0.1, "the process uses more CPU time than the loops are busy")
						.check(pauses, "the process pauses");
				case "offloaded" -> targets.check(processCpu > 0.15, "the process uses CPU time")
					.check(utilization < processCpu / 3, "the loops are mostly idle");
				case "quota" ->
					targets.check(processCpu < 1.2 * CpuQuota.CPUS, "the process uses no more than half a CPU")
						.check(processCpu > 0.7 * CpuQuota.CPUS, "the process uses its quota")
						.check(utilization > 0.8, "the loop is always busy")
						.check(pauses, "the process pauses");
				case "blocking" -> targets.check(utilization > 0.3, "the loops are busy while blocked")
					.check(loopCpu < utilization / 4, "the loops use little CPU time")
					.check(processCpu < utilization / 2, "the process uses little CPU time");
				default -> throw new IllegalArgumentException("Unknown scenario " + scenario);
			}
			return targets.missed();
		}

		/**
		 * The data of one second.
		 *
		 * @param end when it ended, in seconds since the start of the recording
		 * @param utilization mean of the loops, 0 to 1
		 * @param loopCpu share of the second that an event loop thread was on a CPU, mean
		 * of the loops
		 * @param processCpu share of the available CPUs that the process used
		 * @param pauseMillis how long the process did not run
		 */
		record Second(double end, double utilization, double loopCpu, double processCpu, double lagP99Millis,
				double pauseMillis) {

			private static Second of(JsonNode history, int row, long fromEpochMillis) {
				ToDoubleFunction<String> value = (column) -> history.get(column).get(row).asDouble();
				return new Second((value.applyAsDouble("epochMillis") - fromEpochMillis) / 1000,
						value.applyAsDouble("utilization"), value.applyAsDouble("cpuUtilization"),
						value.applyAsDouble("processCpuUtilization"), value.applyAsDouble("lagP99Millis"),
						value.applyAsDouble("pauseMillis"));
			}

		}

	}

}
