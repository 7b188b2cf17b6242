package io.github.eventloop.benchmarks.jmh;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Version;

import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * Runs the benchmarks of this package, and tells what the parts of the library cost.
 */
public final class JmhRun {

	private static final String METHOD = """
			JMH %s, %d JVMs for each row, %d measurements of %d ms in each after as many of warming up. The median of all
			measurements, what half of them lie between, and bytes that all threads of the JVM allocated.
			""";

	private static final String NOT_SHOWN = """

			What it does not show: caches that an application's own work has emptied. The share of all this in a request is
			another measurement. Rows are measured one after the other, so that a difference is no more certain than the halves of
			both rows are close. `results.json` has all measurements as JMH writes them.""";

	private JmhRun() {
	}

	/**
	 * Run it. Ends with 1 if a monitored loop allocates anything.
	 * @param arguments {@code --include=} a regular expression for the names of the
	 * benchmarks; {@code --forks=}; {@code --measurements=}
	 * @throws RunnerException if a benchmark fails
	 */
	public static void main(String[] arguments) throws RunnerException {
		Options options = Options.of(arguments, "include", "forks", "measurements");
		Output output = Output.of("jmh", options);
		int forks = options.number("forks", 3);
		int measurements = options.number("measurements", 5);
		Collection<RunResult> results = run(
				new OptionsBuilder().include("\\.jmh\\..*" + options.get("include", ""))
					.resultFormat(ResultFormatType.JSON)
					.result(output.directory().resolve("results.json").toString()),
				forks, measurements, TimeValue.seconds(1));
		output
			.say("# What the parts cost\n\n" + METHOD.formatted(Version.getPlainVersion(), forks, measurements, 1_000));
		List<Cost> costs = results.stream().map(Cost::of).toList();
		output.say(table(costs));
		output.say(comparison(costs));
		output.say(NOT_SHOWN);
		boolean promised = added(costs).values().stream().noneMatch(Added::allocates);
		output.say(promised ? "\nAs promised: monitoring allocates nothing." : "\nNot as promised: it allocates.");
		System.exit(promised ? 0 : 1);
	}

	/**
	 * Run benchmarks.
	 * @param options what to run
	 * @param forks in how many JVMs one after the other
	 * @param measurements how many there are in each, and how many to warm up
	 * @param time how long each takes
	 * @return the results
	 */
	static Collection<RunResult> run(ChainedOptionsBuilder options, int forks, int measurements, TimeValue time)
			throws RunnerException {
		return new Runner(options.forks(forks)
			.warmupIterations(measurements)
			.warmupTime(time)
			.measurementIterations(measurements)
			.measurementTime(time)
			.addProfiler("gc")
			.shouldFailOnError(true)
			.jvmArgsAppend("-Xms256m", "-Xmx256m", "--enable-native-access=ALL-UNNAMED")
			.build()).run();
	}

	private static String table(List<Cost> costs) {
		String header = """
				| benchmark | of | median | half of them | bytes |
				| --- | --- | --- | --- | --- |
				""";
		return costs.stream()
			.map((cost) -> String.format(Locale.ROOT, "| %s | %s | %.1f %s | %.1f to %.1f | %.1f |", cost.benchmark(),
					cost.of(), cost.median(), cost.unit(), cost.lower(), cost.upper(), cost.bytes()))
			.collect(Collectors.joining("\n", header, ""));
	}

	private static String comparison(List<Cost> costs) {
		String header = """

				| one turn of a loop | Netty's own | monitored, on top | bytes on top |
				| --- | --- | --- | --- |
				""";
		return added(costs).entrySet()
			.stream()
			.map((entry) -> String.format(Locale.ROOT, "| %s | %.1f ns | %+.1f ns | %+.3f |", entry.getKey(),
					entry.getValue().stock(), entry.getValue().nanos(), entry.getValue().bytes()))
			.collect(Collectors.joining("\n", header, ""));
	}

	/**
	 * Return what monitoring adds to Netty's own loops, by what the loops do.
	 */
	static Map<String, Added> added(List<Cost> costs) {
		Map<String, Added> added = new TreeMap<>();
		for (Cost stock : costs) {
			for (Cost monitored : costs) {
				if (stock.isOf(Loops.STOCK) && monitored.isOf(Loops.MONITORED)
						&& stock.subject().equals(monitored.subject())) {
					added.put(stock.subject(), new Added(stock.median(), monitored.median() - stock.median(),
							monitored.bytes() - stock.bytes()));
				}
			}
		}
		return added;
	}

	/**
	 * What monitoring adds to one turn.
	 *
	 * @param stock nanoseconds without
	 * @param nanos nanoseconds on top
	 * @param bytes bytes on top
	 */
	record Added(double stock, double nanos, double bytes) {

		/**
		 * Half an object of the smallest size, for what others of the JVM leave behind.
		 */
		boolean allocates() {
			return this.bytes > 8;
		}

	}

	/**
	 * The measurements of one benchmark with one set of parameters.
	 *
	 * @param benchmark its name
	 * @param parameters its parameters, by name
	 * @param unit what the following are in
	 * @param median the median
	 * @param lower the first quartile
	 * @param upper the third quartile
	 * @param bytes allocated, mean
	 */
	record Cost(String benchmark, Map<String, String> parameters, String unit, double median, double lower,
			double upper, double bytes) {

		private static final String LOOPS = "loops";

		static Cost of(RunResult result) {
			Map<String, String> parameters = new TreeMap<>();
			result.getParams()
				.getParamsKeys()
				.forEach((name) -> parameters.put(name, result.getParams().getParam(name)));
			double[] scores = result.getBenchmarkResults()
				.stream()
				.flatMap((fork) -> fork.getIterationResults().stream())
				.mapToDouble((measurement) -> measurement.getPrimaryResult().getScore())
				.sorted()
				.toArray();
			String[] name = result.getParams().getBenchmark().split("\\.", -1);
			double bytes = result.getSecondaryResults()
				.values()
				.stream()
				.filter((profiled) -> profiled.getLabel().equals("gc.alloc.rate.norm"))
				.mapToDouble((profiled) -> profiled.getScore())
				.findFirst()
				.orElseThrow();
			return new Cost(name[name.length - 2] + "." + name[name.length - 1], parameters,
					result.getPrimaryResult().getScoreUnit(), quantile(scores, 0.5), quantile(scores, 0.25),
					quantile(scores, 0.75), bytes);
		}

		private static double quantile(double[] sorted, double share) {
			double position = share * (sorted.length - 1);
			int below = (int) position;
			int above = Math.min(below + 1, sorted.length - 1);
			return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
		}

		/** Its parameters in words. */
		String of() {
			return this.parameters.entrySet()
				.stream()
				.map((entry) -> entry.getKey() + " " + entry.getValue().toLowerCase(Locale.ROOT))
				.collect(Collectors.joining(", "));
		}

		boolean isOf(Loops loops) {
			return loops.name().equals(this.parameters.get(LOOPS));
		}

		String subject() {
			Map<String, String> others = new TreeMap<>(this.parameters);
			others.remove(LOOPS);
			return this.benchmark + Arrays.toString(others.values().toArray()).replace("[]", "");
		}

	}

}
