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
 * Known schedules on real loops: what is reported beside what is true.
 */
public final class TruthRun {

	private static final String METHOD = """
			One loop, made and monitored as the auto-configuration does it, in a JVM of its own for each row. It is given work
			at known times. The program notes on the loop, by `nanoTime`, when each turn with work began and when Netty had run
			all that it took in that turn: what becomes ready meanwhile waits for the rest of it. From these intervals follow
			the true utilization and the true distribution of the lag over exactly the window of a snapshot. Pauses of the
			collector are taken from the JVM's log of safepoints, those of the quota from a thread that spins; the process with
			the quota has a single CPU, so that what stops one thread stops all. Ten snapshots at random instants a row: the
			last one is shown, true / reported, and the largest differences of all ten.

			Allowed are 0.01 of utilization, and of the lag 2 %% or %s ms. With garbage %s ms, for collectors tell of their
			pauses in whole milliseconds, and with a quota %s ms, for so closely pauses are looked for that nobody tells of.
			"""
		.formatted(Schedule.SPINS_5.lagMillis(), Schedule.GARBAGE.lagMillis(), Schedule.QUOTA.lagMillis());

	private static final String NOT_SHOWN = """

			What it does not show: the time from the return of the poll to the first piece of work, and from the last one to
			the next poll, is Netty's own and counts as busy in what is reported, not in the truth: some microseconds a turn.
			Events from outside are not part of it.""";

	private final Output output;

	private final Duration window;

	private final List<String> unmet = new ArrayList<>();

	private TruthRun(Output output, Duration window) {
		this.output = output;
		this.window = window;
	}

	/**
	 * Run it. Ends with 1 if the outcome is not as promised.
	 * @param arguments {@code --schedule=} beginning of the names of the schedules to
	 * play, such as {@code spins}; {@code --window=} seconds
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "schedule", "window");
		TruthRun run = new TruthRun(Output.of("truth", options), options.seconds("window", Duration.ofSeconds(10)));
		run.play(options.get("schedule", ""));
		System.exit(run.unmet.isEmpty() ? 0 : 1);
	}

	private void play(String prefix) {
		this.output.say("# Ground truth\n\n" + METHOD + """

				| schedule | transport | utilization | lag p50, ms | p90 | p99 | max | pauses | largest differences |
				| --- | --- | --- | --- | --- | --- | --- | --- | --- |""");
		for (Schedule schedule : Schedule.values()) {
			for (Transport transport : Transport.values()) {
				Experiment experiment = new Experiment(schedule, transport, this.window);
				if (experiment.name().startsWith(prefix)) {
					play(experiment);
				}
			}
		}
		this.output.say(NOT_SHOWN);
		this.output.say(this.unmet.isEmpty() ? "\nAs promised." : "\nNot as promised:\n");
		this.unmet.stream().distinct().forEach((line) -> this.output.say("- " + line));
	}

	private void play(Experiment experiment) {
		if (experiment.transport().isNative() && !Epoll.isAvailable()) {
			leaveOut(experiment, "no epoll here");
			return;
		}
		this.output.progress("%s: %d s".formatted(experiment.name(), 2 * this.window.toSeconds() + 5));
		Optional<Outcome> outcome = experiment.play(this.output.directory());
		outcome.ifPresentOrElse(this::tell, () -> leaveOut(experiment, "no control group can be made here"));
	}

	private void leaveOut(Experiment experiment, String reason) {
		this.output.say("| %s | %s | left out: %s | | | | | | |".formatted(experiment.schedule().what(),
				experiment.transport().label(), reason));
	}

	private void tell(Outcome outcome) {
		Experiment experiment = outcome.experiment();
		Look last = outcome.looks().get(outcome.looks().size() - 1);
		String throttled = (outcome.throttledPeriods() > 0)
				? ", %d periods throttled".formatted(outcome.throttledPeriods()) : "";
		this.output.say("| %s | %s | %s | %s | %s | %s | %s | %s%s | %s, %s |".formatted(experiment.schedule().what(),
				experiment.transport().label(), cell("%.3f", last, Figures::utilization),
				cell("%.2f", last, Figures::p50Millis), cell("%.2f", last, Figures::p90Millis),
				cell("%.2f", last, Figures::p99Millis), cell("%.2f", last, Figures::maxMillis),
				cell("%.0f", last, Figures::pauseMillis), throttled, worst(outcome, Deviation::isUtilization).text(),
				worst(outcome, Predicate.not(Deviation::isUtilization)).text()));
		outcome.deviations()
			.filter((deviation) -> !deviation.isAllowed())
			.map((deviation) -> String.format(Locale.ROOT, "%s: %s is %.4f, and was reported as %.4f",
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

	private static String cell(String format, Look look, ToDoubleFunction<Figures> figure) {
		return String.format(Locale.ROOT, format + " / " + format, figure.applyAsDouble(look.truth()),
				figure.applyAsDouble(look.reported()));
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
		csv.column("true" + name, outcome.looks().stream().map(Look::truth).mapToDouble(figure).toArray());
		csv.column("reported" + name, outcome.looks().stream().map(Look::reported).mapToDouble(figure).toArray());
	}

}
