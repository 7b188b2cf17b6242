package io.github.eventloop.benchmarks.truth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

import io.netty.channel.epoll.Epoll;

import io.github.eventloop.benchmarks.picture.Csv;
import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;
import io.github.eventloop.benchmarks.truth.Experiment.Outcome;
import io.github.eventloop.benchmarks.truth.Experiment.Transport;

/**
 * Comparison of the reported figures with the true ones, for known schedules on real
 * loops.
 */
public final class TruthRun {

	private static final String METHOD = """
			One loop, created and monitored as by the auto-configuration, in a separate JVM for each row. Work is submitted to
			it at known times. The program records on the loop, with `nanoTime`, when each iteration with work began and when
			Netty had run all tasks of that iteration: an event that becomes ready in between waits for the rest of it. These
			intervals determine the true utilization and the true distribution of the lag over exactly the window of a snapshot.
			Pauses of the garbage collector are taken from the JVM's safepoint log, those of the quota from a spinning thread;
			the process with the quota has a single CPU, so that all threads stop together. Each row has ten snapshots at random
			times: the table shows the last one, true / reported, and the largest deviations of all ten.

			Targets are a deviation of at most 0.01 for utilization, and of 2 %% or %s ms for lag: %s ms with garbage, because
			collectors report their pauses in whole milliseconds, and %s ms with a quota, which is the resolution at which other
			pauses are detected.
			"""
		.formatted(Schedule.SPINS_5.lagMillis(), Schedule.GARBAGE.lagMillis(), Schedule.QUOTA.lagMillis());

	private static final String NOT_SHOWN = """

			What this does not show: the time from the return of the poll to the first task, and from the last task to the next
			poll, is spent in Netty. It counts as busy in the reported figures, but not in the true ones: some microseconds per
			iteration. I/O events are not part of the schedules.""";

	private final Output output;

	private final Duration window;

	private final List<String> unmet = new ArrayList<>();

	private TruthRun(Output output, Duration window) {
		this.output = output;
		this.window = window;
	}

	/**
	 * Run the benchmark. Exits with status 1 if a target is missed.
	 * @param arguments {@code --schedule=} prefix of the names of the schedules to run,
	 * such as {@code spins}; {@code --window=} in seconds
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "schedule", "window");
		TruthRun run = new TruthRun(Output.of("truth", options), options.seconds("window", Duration.ofSeconds(10)));
		run.run(options.get("schedule", ""));
		System.exit(run.unmet.isEmpty() ? 0 : 1);
	}

	private void run(String prefix) {
		this.output.say("# Ground truth\n\n" + METHOD + """

				| schedule | transport | utilization | lag p50, ms | p90 | p99 | max | pauses | largest deviations |
				| --- | --- | --- | --- | --- | --- | --- | --- | --- |""");
		for (Schedule schedule : Schedule.values()) {
			for (Transport transport : Transport.values()) {
				Experiment experiment = new Experiment(schedule, transport, this.window);
				if (experiment.name().startsWith(prefix)) {
					run(experiment);
				}
			}
		}
		this.output.say(NOT_SHOWN);
		this.output.say(this.unmet.isEmpty() ? "\nAll targets met." : "\nTargets missed:\n");
		this.unmet.stream().distinct().forEach((line) -> this.output.say("- " + line));
	}

	private void run(Experiment experiment) {
		if (experiment.transport().isNative() && !Epoll.isAvailable()) {
			leaveOut(experiment, "epoll is not available");
			return;
		}
		this.output.progress("%s: %d s".formatted(experiment.name(), 2 * this.window.toSeconds() + 5));
		Optional<Outcome> outcome = experiment.run(this.output.directory());
		outcome.ifPresentOrElse(this::report, () -> leaveOut(experiment, "cannot create a control group"));
	}

	private void leaveOut(Experiment experiment, String reason) {
		this.output.say("| %s | %s | left out: %s | | | | | | |".formatted(experiment.schedule().description(),
				experiment.transport().label(), reason));
	}

	private void report(Outcome outcome) {
		Experiment experiment = outcome.experiment();
		Comparison last = outcome.comparisons().get(outcome.comparisons().size() - 1);
		String throttled = (outcome.throttledPeriods() > 0)
				? ", %d periods throttled".formatted(outcome.throttledPeriods()) : "";
		this.output.say("| %s | %s | %s | %s | %s | %s | %s | %s%s | %s, %s |".formatted(
				experiment.schedule().description(), experiment.transport().label(),
				cell("%.3f", last, Figures::utilization), cell("%.2f", last, Figures::p50Millis),
				cell("%.2f", last, Figures::p90Millis), cell("%.2f", last, Figures::p99Millis),
				cell("%.2f", last, Figures::maxMillis), cell("%.0f", last, Figures::pauseMillis), throttled,
				worst(outcome, Deviation::isUtilization).text(),
				worst(outcome, Predicate.not(Deviation::isUtilization)).text()));
		outcome.deviations()
			.filter((deviation) -> !deviation.isAllowed())
			.map((deviation) -> String.format(Locale.ROOT, "%s: %s is %.4f, but was reported as %.4f",
					experiment.name(), deviation.figure(), deviation.truth(), deviation.reported()))
			.forEach(this.unmet::add);
		keep(outcome);
	}

	private static Deviation worst(Outcome outcome, Predicate<Deviation> which) {
		return outcome.deviations()
			.filter(which)
			.max(Comparator.comparingDouble(Deviation::shareOfAllowed))
			.orElseThrow();
	}

	private static String cell(String format, Comparison comparison, ToDoubleFunction<Figures> figure) {
		return String.format(Locale.ROOT, format + " / " + format, figure.applyAsDouble(comparison.truth()),
				figure.applyAsDouble(comparison.reported()));
	}

	private void keep(Outcome outcome) {
		Csv csv = new Csv();
		column(csv, "Utilization", outcome, Figures::utilization);
		column(csv, "LagP50Millis", outcome, Figures::p50Millis);
		column(csv, "LagP90Millis", outcome, Figures::p90Millis);
		column(csv, "LagP99Millis", outcome, Figures::p99Millis);
		column(csv, "LagMaxMillis", outcome, Figures::maxMillis);
		column(csv, "PauseMillis", outcome, Figures::pauseMillis);
		csv.write(this.output.directory().resolve(outcome.experiment().name() + ".csv"));
	}

	private static void column(Csv csv, String name, Outcome outcome, ToDoubleFunction<Figures> figure) {
		csv.column("true" + name, outcome.comparisons().stream().map(Comparison::truth).mapToDouble(figure).toArray());
		csv.column("reported" + name,
				outcome.comparisons().stream().map(Comparison::reported).mapToDouble(figure).toArray());
	}

}
