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
 * Five pictures of utilization beside CPU: what it looks like when the loops compute,
 * when others do, when nobody does, and when there is not enough CPU.
 */
public final class UtilizationRun {

	/** Between the shades of two steps, in seconds. */
	private static final double GAP = 0.1;

	private final Output output;

	private final Duration step;

	private final List<String> unmet = new ArrayList<>();

	private UtilizationRun(Output output, Duration step) {
		this.output = output;
		this.step = step;
	}

	/**
	 * Run it. Ends with 1 if the outcome is not as promised.
	 * @param arguments {@code --scenario=} beginning of the names of the scenarios to
	 * play; {@code --step=} seconds
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "scenario", "step");
		UtilizationRun run = new UtilizationRun(Output.of("utilization", options),
				options.seconds("step", Duration.ofSeconds(6)));
		run.play(options.get("scenario", ""));
		System.exit(run.unmet.isEmpty() ? 0 : 1);
	}

	private void play(String prefix) {
		List<Scenario> scenarios = Scenario.ALL.stream()
			.filter((scenario) -> scenario.name().startsWith(prefix))
			.toList();
		if (scenarios.isEmpty()) {
			throw new IllegalArgumentException("No scenario has a name that begins with '%s'; there are %s"
				.formatted(prefix, Scenario.ALL.stream().map(Scenario::name).toList()));
		}
		this.output.say("# Utilization beside CPU\n\n" + Experiment.CONDITIONS + """


				| the last of three steps | utilization | CPU of the loops | CPU of the process | lag p99 | pauses |
				| --- | --- | --- | --- | --- | --- |""");
		scenarios.forEach(this::play);
		this.output.say(this.unmet.isEmpty() ? "\nAs promised." : "\nNot as promised:\n");
		this.unmet.forEach((line) -> this.output.say("- " + line));
	}

	private void play(Scenario scenario) {
		this.output.progress("%s: the sample starts and warms up, then %d s".formatted(scenario.name(),
				Experiment.end(this.step).toSeconds()));
		Optional<Recording> played = Experiment.play(scenario, this.step, this.output.directory());
		if (played.isEmpty()) {
			this.output.say("| %s | left out: no control group can be made here | | | | |".formatted(scenario.name()));
			return;
		}
		Recording recording = played.get();
		Recording last = Promises.lastStep(recording, this.step);
		keep(scenario, recording);
		this.output.say(String.format(Locale.ROOT, "| %s | %.2f | %.2f | %.2f | %.0f ms | %.0f ms/s |", scenario.name(),
				last.mean(Second::utilization), last.mean(Second::loopCpu), last.mean(Second::processCpu),
				last.mean(Second::lagP99Millis), last.mean(Second::pauseMillis)));
		this.unmet.addAll(Promises.unmet(scenario, last));
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
				.line("pauses, ms a second", seconds, recording.column(Second::pauseMillis)));
		double start = Experiment.REST.toSeconds();
		for (int requests : scenario.steps()) {
			picture.band(start, start + this.step.toSeconds() - GAP, requests + " requests a second");
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
