package io.github.eventloop.benchmarks.probes;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.IntStream;

import io.github.eventloop.benchmarks.picture.Csv;
import io.github.eventloop.benchmarks.picture.Panel;
import io.github.eventloop.benchmarks.picture.Picture;
import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * Benchmark of probes of the sample while its loops are blocked: on a management port
 * with its own loop, on a management port without, and on a port shared with the
 * application.
 */
public final class ProbesRun {

	private ProbesRun() {
	}

	/**
	 * Run the benchmark.
	 * @param arguments {@code --seconds=} for how long to probe in each scenario
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "seconds");
		Output output = Output.of("probes", options);
		Duration duration = options.seconds("seconds", Duration.ofSeconds(10));
		double[] seconds = IntStream.range(0, (int) duration.toSeconds()).asDoubleStream().toArray();
		Panel answered = Panel.titled("probes that are answered, %").max(100);
		Panel longest = Panel.titled("longest time to an answer, ms").logarithmic();
		Csv numbers = new Csv().column("second", seconds);
		output.say("# Probes of blocked loops\n\n" + Experiment.CONDITIONS + """


				| | loops blocked | probes | lost | p50 | p99 | longest |
				| --- | --- | --- | --- | --- | --- | --- |""");
		for (Scenario scenario : Scenario.ALL) {
			output.progress("%s: the sample starts, then %d s".formatted(scenario.name(), duration.toSeconds()));
			Probes probes = Experiment.run(scenario, duration, output.directory());
			answered.line(scenario.name(), seconds, probes.answeredPerSecond());
			longest.line(scenario.name(), seconds, probes.longestPerSecond());
			numbers.column(scenario.name() + "AnsweredPercent", probes.answeredPerSecond());
			numbers.column(scenario.name() + "LongestMillis", probes.longestPerSecond());
			output.say(row(scenario, probes));
		}
		output.keep("answered", Picture.titled("Probes of blocked loops").panel(answered).panel(longest), numbers);
	}

	private static String row(Scenario scenario, Probes probes) {
		String counts = "| %s | %s | %,d | %d |".formatted(scenario.name(), scenario.blocked(), probes.sent(),
				probes.lost());
		return counts + ((probes.answered() > 0) ? String.format(Locale.ROOT, " %.1f ms | %.1f ms | %.1f ms |",
				probes.millis(50), probes.millis(99), probes.millis(100)) : " - | - | - |");
	}

}
