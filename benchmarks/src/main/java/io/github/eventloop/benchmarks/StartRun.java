package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.benchmarks.StartedApplication.Start;

/**
 * Benchmark of the time and memory that the library adds to the start of an application.
 */
public final class StartRun {

	private static final int FEW = 4;

	private static final int MANY = 64;

	private static final double KIB = 1024;

	private StartRun() {
	}

	/** A pair is a start with the library, and one without. */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("start", arguments, "pairs");
		int number = run.get("pairs", 15);
		run.say("""
				# Start-up and memory

				An application with Spring WebFlux and Actuator, started %d times with the library on its class path and the
				same number of times without, alternately, each time in a new JVM with the serial collector and a heap of
				128 MB. All loops have run once. The table shows the mean without the library and the mean of what the library
				adds, with their 95 %% confidence intervals. Start-up is the time reported by Spring Boot, CPU is the CPU time
				of the process until then, and heap is the size after a garbage collection.

				| loops | | without | the library adds |
				| --- | --- | --- | --- |""",
				number);
		double few = measure(FEW, number, run);
		double many = measure(MANY, number, run);
		run.say("""

				A loop that has just started takes %.1f KiB of heap. It takes more as its history and window fill up:
				[memory](how-it-measures.md#cost).""", (many - few) / (MANY - FEW) / KIB);
	}

	/** Return the heap that the library adds. */
	private static double measure(int loops, int number, Run run) {
		List<Start> with = new ArrayList<>();
		List<Start> without = new ArrayList<>();
		for (int i = 0; i < 2 * number; i++) {
			run.progress("%d loops, start %d of %d", loops, i + 1, 2 * number);
			// With the library first in every other pair.
			boolean library = i % 4 == 0 || i % 4 == 3;
			(library ? with : without).add(start(library, loops, run.directory()));
		}
		report(run, loops, "start-up, ms", 1, with, without, Start::millis);
		report(run, loops, "CPU, ms", 1, with, without, Start::cpuMillis);
		double heap = report(run, loops, "heap, KiB", KIB, with, without, Start::heap);
		report(run, loops, "Metaspace, KiB", KIB, with, without, Start::metaspace);
		report(run, loops, "classes", 1, with, without, Start::classes);
		return heap;
	}

	private static double report(Run run, int loops, String what, double unit, List<Start> with, List<Start> without,
			ToDoubleFunction<Start> figure) {
		List<Double> added = new ArrayList<>();
		for (int i = 0; i < with.size(); i++) {
			added.add(figure.applyAsDouble(with.get(i)) - figure.applyAsDouble(without.get(i)));
		}
		Estimate stock = Estimate.of(without.stream().map(figure::applyAsDouble).toList());
		Estimate more = Estimate.of(added);
		run.say("| %d | %s | %.0f \u00b1 %.0f | %+.0f \u00b1 %.0f |", loops, what, stock.mean() / unit,
				stock.halfWidth() / unit, more.mean() / unit, more.halfWidth() / unit);
		return more.mean();
	}

	/**
	 * Start and stop an application; without the library, its jars are not on the class
	 * path.
	 */
	static Start start(boolean library, int loops, Path directory) {
		try (Instance instance = Application
			.of(StartedApplication.class, (entry) -> library || !entry.contains("eventloop-spring-boot"))
			.loops(loops)
			.jvm("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC")
			.start((library ? "with-" : "without-") + loops, directory)) {
			String line = instance.process().await("^\\{\"millis\".*}$", Duration.ofSeconds(60)).get(0).group();
			return JsonMapper.shared().readValue(line, Start.class);
		}
	}

}
