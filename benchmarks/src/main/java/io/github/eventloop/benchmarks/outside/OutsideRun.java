package io.github.eventloop.benchmarks.outside;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * The lag that is reported beside the latency that a client sees, while each of the
 * sample's offenders disturbs the loops.
 */
public final class OutsideRun {

	private static final String NOT_SHOWN = """

			What it does not show: visits that meet on a loop. Lag is the time until the loop takes up events again; what it
			then handles behind another visit waits for that as well ([limits](limits.md#what-lag-leaves-out)). And the whole of a
			turn to a client whose requests come 5 ms apart on each loop: the longest one may begin right after one of them, so
			that the client's maximum is less.""";

	private OutsideRun() {
	}

	/**
	 * Run it. Ends with 1 if the two are not as close as promised.
	 * @param arguments {@code --offender=} beginning of the names of the offenders to
	 * visit; {@code --seconds=} how long to look at each
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

							The sample with two loops. A client in a process of its own asks for `/products/1` 400 times a second at
							random times, over 200 connections, and takes latency from when a request was due; the median without any
							disturbance, %.2f ms, is taken off. Meanwhile an offender is visited once or twice a second, each visit on
							one of the loops. Both are of the same %d seconds: lag as `/actuator/eventloop` tells it, on a management
							port of its own.

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
		output.say(unmet.isEmpty() ? "\nWithin 10 % or 2 ms, all of them." : "\nFurther apart than 10 % and 2 ms:\n");
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
