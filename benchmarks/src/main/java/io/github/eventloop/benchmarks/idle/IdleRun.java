package io.github.eventloop.benchmarks.idle;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * Wake-ups and CPU time of an application that nobody asks for anything.
 */
public final class IdleRun {

	private static final int FEW = 4;

	private static final int MANY = 64;

	/** What is done once a second is compiled after some minutes at the earliest. */
	private static final Duration LATER = Duration.ofMinutes(10);

	private static final String NOT_SHOWN = """

			What it does not show: an application that does something, and has all that is done once a second compiled earlier.
			One application each, once.""";

	private IdleRun() {
	}

	/**
	 * Run it.
	 * @param arguments {@code --seconds=} how long to look at each
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "seconds");
		Output output = Output.of("idle", options);
		Duration duration = options.seconds("seconds", Duration.ofSeconds(60));
		output
			.say("""
					# Idle

					An application whose loops have all started and have nothing to do, for %d s, %d s after its start: without
					the library, with it, with what is common elsewhere, a task on each loop every 20 ms, and with the library's
					optional parts; and with it once the JVM has compiled what runs once a second.
					Wake-ups are voluntary context switches a second, CPU is percent of one core, both by thread, from Linux.
					All threads are also those of the JVM, and Netty itself wakes each of its loops up once a second: both show
					in the rows without the library.

					| loops | | wake-ups of loops | of eventloop-monitor | of all threads | CPU of eventloop-monitor | of all threads |
					| --- | --- | --- | --- | --- | --- | --- |"""
				.formatted(duration.toSeconds(), Idleness.SETTLING.toSeconds()));
		for (Variant variant : Variant.values()) {
			tell(variant.what(), variant, FEW, Idleness.SETTLING, duration, output);
		}
		// What else there is does not depend on how many loops there are.
		for (Variant variant : List.of(Variant.WITHOUT, Variant.WITH, Variant.PROBE)) {
			tell(variant.what(), variant, MANY, Idleness.SETTLING, duration, output);
		}
		for (int loops : new int[] { FEW, MANY }) {
			String what = Variant.WITH.what() + ", after " + LATER.toMinutes() + " minutes";
			tell(what, Variant.WITH, loops, LATER, duration, output);
		}
		output.say(NOT_SHOWN);
	}

	private static void tell(String what, Variant variant, int loops, Duration settling, Duration duration,
			Output output) {
		Idleness idleness = Idleness.of(variant, loops, settling, duration, output.directory());
		output.say(String.format(Locale.ROOT, "| %d | %s | %.1f | %.1f | %.1f | %.2f %% | %.2f %% |", loops, what,
				idleness.wakeUpsOfLoops(), idleness.wakeUpsOfMonitor(), idleness.wakeUps(), idleness.cpuOfMonitor(),
				idleness.cpu()));
	}

}
