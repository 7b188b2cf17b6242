package io.github.eventloop.benchmarks.idle;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * Benchmark of wake-ups and CPU time of an application that receives no requests.
 */
public final class IdleRun {

	private static final int FEW = 4;

	private static final int MANY = 64;

	/** Code that runs once a second is compiled after some minutes at the earliest. */
	private static final Duration LATER = Duration.ofMinutes(10);

	private static final String NOT_SHOWN = """

			What this does not show: an application under load, in which code that runs once a second is compiled earlier.
			Each row is a single measurement of one application.""";

	private IdleRun() {
	}

	/**
	 * Run the benchmark.
	 * @param arguments {@code --seconds=} how long to measure each variant
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "seconds");
		Output output = Output.of("idle", options);
		Duration duration = options.seconds("seconds", Duration.ofSeconds(60));
		output
			.say("""
					# Idle

					An application whose loops have all started and have nothing to do, measured for %d s, %d s after its start:
					without the library, with it, with the common alternative (a task on each loop every 20 ms), and with the
					optional parts of the library; and with the library after the JVM has compiled the code that runs once a second.
					Wake-ups are voluntary context switches per second, CPU is percent of one core, both per thread as reported by
					Linux. "All threads" includes those of the JVM, and Netty itself wakes up each of its loops once a second: the
					rows without the library show both.

					| loops | | wake-ups of loops | of eventloop-monitor | of all threads | CPU of eventloop-monitor | of all threads |
					| --- | --- | --- | --- | --- | --- | --- |"""
				.formatted(duration.toSeconds(), Idleness.SETTLING.toSeconds()));
		for (Variant variant : Variant.values()) {
			report(variant.description(), variant, FEW, Idleness.SETTLING, duration, output);
		}
		// The cost of the other variants does not depend on the number of loops.
		for (Variant variant : List.of(Variant.WITHOUT, Variant.WITH, Variant.PROBE)) {
			report(variant.description(), variant, MANY, Idleness.SETTLING, duration, output);
		}
		for (int loops : new int[] { FEW, MANY }) {
			String description = Variant.WITH.description() + ", after " + LATER.toMinutes() + " minutes";
			report(description, Variant.WITH, loops, LATER, duration, output);
		}
		output.say(NOT_SHOWN);
	}

	private static void report(String description, Variant variant, int loops, Duration settling, Duration duration,
			Output output) {
		Idleness idleness = Idleness.of(variant, loops, settling, duration, output.directory());
		output.say(String.format(Locale.ROOT, "| %d | %s | %.1f | %.1f | %.1f | %.2f %% | %.2f %% |", loops,
				description, idleness.wakeUpsOfLoops(), idleness.wakeUpsOfMonitor(), idleness.wakeUps(),
				idleness.cpuOfMonitor(), idleness.cpu()));
	}

}
