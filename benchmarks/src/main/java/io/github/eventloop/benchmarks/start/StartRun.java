package io.github.eventloop.benchmarks.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

import io.github.eventloop.benchmarks.run.Estimate;
import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * Benchmark of the time and memory that the library adds to the start of an application.
 */
public final class StartRun {

	private static final int FEW = 4;

	private static final int MANY = 64;

	private static final double KIB = 1024;

	private StartRun() {
	}

	/**
	 * Run the benchmark.
	 * @param arguments {@code --pairs=} how often to start an application with the
	 * library and without
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "pairs");
		Output output = Output.of("start", options);
		int number = options.number("pairs", 15);
		output
			.say("""
					# Start-up and memory

					An application with Spring WebFlux and Actuator, started %d times with the library on its class path and the
					same number of times without, alternately, each time in a new JVM with the serial collector and a heap of
					128 MB. All loops have run once. The table shows the mean without the library and the mean of what the library
					adds, with their 95 %% confidence intervals. Start-up is the time reported by Spring Boot, CPU is the CPU time
					of the process until then, and heap is the size after a garbage collection.

					| loops | | without | the library adds |
					| --- | --- | --- | --- |"""
				.formatted(number));
		Pairs few = Pairs.of(FEW, number, output);
		few.report(FEW, output);
		Pairs many = Pairs.of(MANY, number, output);
		many.report(MANY, output);
		double perLoop = (many.added(Start::heap).mean() - few.added(Start::heap).mean()) / (MANY - FEW);
		output.say(String.format(Locale.ROOT, """

				A loop that has just started takes %.1f KiB of heap. It takes more as its history and window fill up:
				[memory](how-it-measures.md#cost).""", perLoop / KIB));
	}

	/**
	 * Starts with the library and without.
	 *
	 * @param with the starts with the library
	 * @param without the starts without it, each shortly before or after the one with it
	 */
	private record Pairs(List<Start> with, List<Start> without) {

		static Pairs of(int loops, int number, Output output) {
			Pairs pairs = new Pairs(new ArrayList<>(), new ArrayList<>());
			for (int i = 0; i < number; i++) {
				output.progress("%d loops, pair %d of %d".formatted(loops, i + 1, number));
				boolean withFirst = i % 2 == 0;
				pairs.add(withFirst, loops, output);
				pairs.add(!withFirst, loops, output);
			}
			return pairs;
		}

		private void add(boolean library, int loops, Output output) {
			(library ? this.with : this.without).add(Start.of(library, loops, output.directory()));
		}

		void report(int loops, Output output) {
			output.say(row(loops, "start-up, ms", 1, Start::millis));
			output.say(row(loops, "CPU, ms", 1, Start::cpuMillis));
			output.say(row(loops, "heap, KiB", KIB, Start::heap));
			output.say(row(loops, "Metaspace, KiB", KIB, Start::metaspace));
			output.say(row(loops, "classes", 1, Start::classes));
		}

		private String row(int loops, String what, double unit, ToDoubleFunction<Start> figure) {
			Estimate stock = Estimate.of(this.without.stream().map(figure::applyAsDouble).toList());
			Estimate added = added(figure);
			return String.format(Locale.ROOT, "| %d | %s | %.0f \u00b1 %.0f | %+.0f \u00b1 %.0f |", loops, what,
					stock.mean() / unit, stock.halfWidth() / unit, added.mean() / unit, added.halfWidth() / unit);
		}

		Estimate added(ToDoubleFunction<Start> figure) {
			List<Double> added = new ArrayList<>();
			for (int i = 0; i < this.with.size(); i++) {
				added.add(figure.applyAsDouble(this.with.get(i)) - figure.applyAsDouble(this.without.get(i)));
			}
			return Estimate.of(added);
		}

	}

}
