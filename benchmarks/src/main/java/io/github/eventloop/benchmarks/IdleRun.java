package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Benchmark of wake-ups and CPU time of an application that receives no requests.
 */
public final class IdleRun {

	private static final int FEW = 4;

	private static final int MANY = 64;

	/** Time for late starters such as the compiler threads. */
	private static final Duration SETTLING = Duration.ofSeconds(15);

	/** Code that runs once a second is compiled after some minutes at the earliest. */
	private static final Duration LATER = Duration.ofMinutes(10);

	private IdleRun() {
	}

	/** The duration of a measurement is in seconds. */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("idle", arguments, "seconds");
		Duration duration = Duration.ofSeconds(run.get("seconds", 45));
		run.say("""
				# Idle

				An application whose loops have all started and have nothing to do, measured for %d s, %d s after its start:
				without the library, with it, with the common alternative (a task on each loop every 20 ms), and with the
				optional parts of the library; and again after ten minutes, when the JVM has compiled the code that runs once a
				second. These applications start first, and are measured last, at the same time.
				Wake-ups are voluntary context switches per second, CPU is percent of one core, both per thread as reported by
				Linux. "All threads" includes those of the JVM, and Netty itself wakes up each of its loops once a second: the
				rows without the library show both.

				| loops | | wake-ups of loops | of eventloop-monitor | of all threads | CPU of eventloop-monitor | of all threads |
				| --- | --- | --- | --- | --- | --- | --- |""",
				duration.toSeconds(), SETTLING.toSeconds());
		List<CompletableFuture<String>> later = Stream.of(FEW, MANY)
			.flatMap((loops) -> Stream.of(Variant.WITHOUT, Variant.WITH)
				.map((variant) -> CompletableFuture.supplyAsync(() -> row(run, variant, loops, LATER, duration),
						(measurement) -> new Thread(measurement).start())))
			.toList();
		for (Variant variant : Variant.values()) {
			run.say(row(run, variant, FEW, SETTLING, duration));
		}
		// The cost of the other variants does not depend on the number of loops.
		run.say(row(run, Variant.WITHOUT, MANY, SETTLING, duration));
		run.say(row(run, Variant.WITH, MANY, SETTLING, duration));
		run.say(row(run, Variant.PROBE, MANY, SETTLING, duration));
		later.forEach((row) -> run.say(row.join()));
		run.say("""

				What this does not show: an application under load, in which code that runs once a second is compiled earlier.
				Each row is a single measurement of one application.""");
	}

	private static String row(Run run, Variant variant, int loops, Duration settling, Duration duration) {
		Idleness idleness = variant.measure(loops, settling, duration, run.directory());
		return Run.format("| %d | %s%s | %.1f | %.1f | %.1f | %.2f %% | %.2f %% |", loops, variant.description,
				settling.equals(LATER) ? ", after 10 minutes" : "", idleness.wakeUpsOfLoops(),
				idleness.wakeUpsOfMonitor(), idleness.wakeUps(), idleness.cpuOfMonitor(), idleness.cpu());
	}

	/** How an idle application is monitored. */
	enum Variant {

		WITHOUT("without the library", "eventloop.enabled=false"),

		WITH("with it", "eventloop.enabled=true"),

		PROBE("without it, a task on each loop every 20 ms", "eventloop.enabled=false", "probe=true"),

		WORKERS("with it and `eventloop.workers.enabled=true`", "eventloop.workers.enabled=true"),

		DETECTOR("with it and `eventloop.blocking.detector=jfr`", "eventloop.blocking.detector=jfr"),

		EXTERNAL("with it and 64 [external loops](what-is-measured.md)", "external=64");

		private final String description;

		@SuppressWarnings("ImmutableEnumChecker") // the list is
		private final List<String> properties;

		Variant(String description, String... properties) {
			this.description = description;
			this.properties = List.of(properties);
		}

		Idleness measure(int loops, Duration settling, Duration duration, Path directory) {
			try (Instance instance = Application.of(IdleApplication.class)
				.loops(loops)
				.jvm("-Xmx128m", "-XX:+UseSerialGC")
				.properties(this.properties)
				.start(name() + "-" + loops + "-" + settling.toSeconds(), directory)) {
				Pause.of(settling);
				Idleness before = Idleness.soFar(instance.process().threads());
				long start = System.nanoTime();
				Pause.of(duration);
				return Idleness.soFar(instance.process().threads()).since(before, (System.nanoTime() - start) / 1e9);
			}
		}

	}

	/**
	 * Wake-ups and CPU time of an idle application.
	 *
	 * @param wakeUps wake-ups of all threads, including those of the JVM
	 * @param cpuOfMonitor CPU time of the monitor thread, in percent of one core
	 */
	record Idleness(double wakeUpsOfLoops, double wakeUpsOfMonitor, double wakeUps, double cpuOfMonitor, double cpu) {

		private static Idleness soFar(Threads threads) {
			Predicate<String> loops = (name) -> name.startsWith("reactor-http-")
					|| name.startsWith(IdleApplication.EXTERNAL_LOOPS);
			Predicate<String> monitor = (name) -> name.startsWith("eventloop-monit");
			return new Idleness(threads.wakeUps(loops), threads.wakeUps(monitor), threads.wakeUps((name) -> true),
					threads.cpu(monitor).toNanos() / 1e7, threads.cpu((name) -> true).toNanos() / 1e7);
		}

		private Idleness since(Idleness before, double seconds) {
			return new Idleness((this.wakeUpsOfLoops - before.wakeUpsOfLoops) / seconds,
					(this.wakeUpsOfMonitor - before.wakeUpsOfMonitor) / seconds,
					(this.wakeUps - before.wakeUps) / seconds, (this.cpuOfMonitor - before.cpuOfMonitor) / seconds,
					(this.cpu - before.cpu) / seconds);
		}

	}

}
