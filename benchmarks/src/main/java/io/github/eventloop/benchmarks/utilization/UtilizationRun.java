package io.github.eventloop.benchmarks.utilization;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import io.github.eventloop.benchmarks.picture.Csv;
import io.github.eventloop.benchmarks.picture.Panel;
import io.github.eventloop.benchmarks.picture.Picture;
import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;
import io.github.eventloop.benchmarks.utilization.Recording.Second;

/**
 * Five charts of utilization and CPU: while the loops compute, while other threads
 * compute, while no thread computes, and while there is not enough CPU.
 */
public final class UtilizationRun {

	/** The gap between the shades of two steps, in seconds. */
	private static final double GAP = 0.1;

	private final Output output;

	private final Duration step;

	private final List<String> unmet = new ArrayList<>();

	private UtilizationRun(Output output, Duration step) {
		this.output = output;
		this.step = step;
	}

	/**
	 * Run the benchmark. Exits with status 1 if a target is missed.
	 * @param arguments {@code --scenario=} prefix of the names of the scenarios to run;
	 * {@code --step=} in seconds
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "scenario", "step");
		UtilizationRun run = new UtilizationRun(Output.of("utilization", options),
				options.seconds("step", Duration.ofSeconds(6)));
		run.run(options.get("scenario", ""));
		System.exit(run.unmet.isEmpty() ? 0 : 1);
	}

	private void run(String prefix) {
		List<Scenario> scenarios = Scenario.ALL.stream()
			.filter((scenario) -> scenario.name().startsWith(prefix))
			.toList();
		if (scenarios.isEmpty()) {
			throw new IllegalArgumentException("No scenario name starts with '%s'. Available scenarios: %s"
				.formatted(prefix, Scenario.ALL.stream().map(Scenario::name).toList()));
		}
		this.output.say("# Utilization and CPU\n\n" + Experiment.CONDITIONS + """


				| the last of three steps | utilization | CPU of the loops | CPU of the process | lag p99 | pauses |
				| --- | --- | --- | --- | --- | --- |""");
		scenarios.forEach(this::run);
		this.output.say(this.unmet.isEmpty() ? "\nAll targets met." : "\nTargets missed:\n");
		this.unmet.forEach((line) -> this.output.say("- " + line));
	}

	private void run(Scenario scenario) {
		this.output.progress("%s: the sample starts and warms up, then %d s".formatted(scenario.name(),
				Experiment.end(this.step).toSeconds()));
		Optional<Recording> result = Experiment.run(scenario, this.step, this.output.directory());
		if (result.isEmpty()) {
			this.output.say("| %s | left out: cannot create a control group | | | | |".formatted(scenario.name()));
			return;
		}
		Recording recording = result.get();
		Recording last = Targets.lastStep(recording, this.step);
		keep(scenario, recording);
		this.output.say(String.format(Locale.ROOT, "| %s | %.2f | %.2f | %.2f | %.0f ms | %.0f ms/s |", scenario.name(),
				last.mean(Second::utilization), last.mean(Second::loopCpu), last.mean(Second::processCpu),
				last.mean(Second::lagP99Millis), last.mean(Second::pauseMillis)));
		this.unmet.addAll(Targets.unmet(scenario, last));
	}

	private void keep(Scenario scenario, Recording recording) {
		double[] seconds = recording.column(Second::end);
		Picture picture = Picture.titled(scenario.title())
			.panel(Panel.titled("share, 0 to 1")
				.max(1)
				.line("utilization", seconds, recording.column(Second::utilization))
				.line("CPU of the loops", seconds, recording.column(Second::loopCpu))
				.line("CPU of the process", seconds, recording.column(Second::processCpu)))
			.panel(Panel.titled("ms")
				.line("lag p99", seconds, recording.column(Second::lagP99Millis))
				.line("pauses, ms/s", seconds, recording.column(Second::pauseMillis)));
		double start = Experiment.REST.toSeconds();
		for (int requests : scenario.steps()) {
			picture.band(start, start + this.step.toSeconds() - GAP, requests + " requests/s");
			start += this.step.toSeconds();
		}
		this.output.keep(scenario.name(), picture,
				new Csv().column("second", seconds)
					.column("utilization", recording.column(Second::utilization))
					.column("loopCpu", recording.column(Second::loopCpu))
					.column("processCpu", recording.column(Second::processCpu))
					.column("lagP99Millis", recording.column(Second::lagP99Millis))
					.column("pauseMillis", recording.column(Second::pauseMillis)));
	}

}
