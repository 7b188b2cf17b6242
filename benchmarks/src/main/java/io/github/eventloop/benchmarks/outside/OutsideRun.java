package io.github.eventloop.benchmarks.outside;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * Benchmark that compares the reported lag with the latency that a client sees, while
 * each of the sample's offenders disturbs the loops.
 */
public final class OutsideRun {

	private static final String NOT_SHOWN = """

			What this does not show: visits that coincide on a loop. Lag is the time until the loop polls for events again; an
			event that is then handled after another visit waits for that one as well
			([limits](limits.md#what-lag-does-not-include)). And the whole duration of an iteration: the requests of the client
			arrive 5 ms apart on each loop, and the longest iteration may begin right after one of them, so the client's maximum
			is lower.""";

	private OutsideRun() {
	}

	/**
	 * Run the benchmark. Exits with status 1 if lag and latency differ by more than the
	 * target.
	 * @param arguments {@code --offender=} prefix of the names of the offenders to visit;
	 * {@code --seconds=} how long to measure each
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "offender", "seconds");
		Output output = Output.of("outside", options);
		Duration window = options.seconds("seconds", Duration.ofSeconds(40));
		List<Disturbance> disturbances = Disturbance.ALL.stream()
			.filter((disturbance) -> disturbance.name().startsWith(options.get("offender", "")))
			.toList();
		List<String> unmet = new ArrayList<>();
		output.progress("the sample starts and warms up, then %d s for each of %d offenders"
			.formatted(window.toSeconds() + 14, disturbances.size()));
		try (Experiment experiment = new Experiment(window, output.directory())) {
			output.say(String.format(Locale.ROOT,
					"""
							# Lag reported, latency seen

							The sample with two loops. A client in a separate process requests `/products/1` 400 times per second at
							random times, over 200 connections, and measures latency from the time at which a request was due; the
							median without any disturbance, %.2f ms, is subtracted. Meanwhile an offender is visited once or twice a
							second, each visit on one of the loops. Both columns cover the same %d seconds: lag is the value reported by
							`/actuator/eventloop`, on a separate management port.

							| offender | p50 seen | reported | p90 seen | reported | p99 seen | reported | max seen | reported |
							| --- | --- | --- | --- | --- | --- | --- | --- | --- |""",
					experiment.undisturbedMillis(), window.toSeconds()));
			for (Disturbance disturbance : disturbances) {
				Comparison comparison = experiment.disturb(disturbance);
				output.say(row(comparison));
				unmet.addAll(comparison.unmet());
			}
		}
		output.say(NOT_SHOWN);
		output.say(unmet.isEmpty() ? "\nAll differences are within 10 % or 2 ms."
				: "\nDifferences of more than 10 % and 2 ms:\n");
		unmet.forEach((line) -> output.say("- " + line));
		System.exit(unmet.isEmpty() ? 0 : 1);
	}

	private static String row(Comparison comparison) {
		StringBuilder row = new StringBuilder("| `%s?%s` %s/s |".formatted(comparison.disturbance().name(),
				comparison.disturbance().query(), Math.round(comparison.disturbance().perSecond())));
		for (int i = 0; i < Quantiles.NAMES.size(); i++) {
			row.append(String.format(Locale.ROOT, " %.1f | %.1f |", comparison.seen().values()[i],
					comparison.reported().values()[i]));
		}
		return row.toString();
	}

}
