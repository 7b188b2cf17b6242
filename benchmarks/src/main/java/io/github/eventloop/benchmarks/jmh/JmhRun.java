package io.github.eventloop.benchmarks.jmh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Version;

import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * Runner for the benchmarks of this package, which reports the cost of the parts of the
 * library.
 */
public final class JmhRun {

	/** Target for the time that monitoring adds to an iteration. */
	private static final double MAX_ADDED_NANOS = 60;

	/** Target for a snapshot of {@link #MANY_LOOPS} loops. */
	private static final double MAX_SNAPSHOT_MICROS = 2_000;

	private static final String MANY_LOOPS = "64";

	private static final TimeValue TIME = TimeValue.seconds(1);

	private static final String[] IN_ORDER = { Loops.STOCK.name(), Loops.MONITORED.name() };

	private static final String[] IN_REVERSE = { Loops.MONITORED.name(), Loops.STOCK.name() };

	private static final String ITERATIONS = "Iterations\\.";

	private static final String ALL_OTHERS = "^(?!.*" + ITERATIONS + ")";

	private static final String METHOD = """
			JMH %s, %d JVMs for each row, %d for the rows of iterations, %d measurements of %s in each JVM after the same number
			of warm-ups. The table shows the median and the interquartile range of all measurements, and the bytes allocated by
			all threads of the JVM.
			""";

	private static final String METHOD_OF_ITERATIONS = """

			JVMs that run the same program differ, and the machine varies from minute to minute. Iterations are therefore
			measured in rounds, each with one JVM for each row: Netty's own loop directly before the monitored one, and directly
			after it in every other round. What counts is the difference between the two medians of a round: the table shows its
			mean and 95 % confidence interval.
			""";

	private static final String NOT_SHOWN = """

			What this does not show: the effect of cold caches in an application that does other work. The share in the cost of a
			request is [measured separately](#cpu-per-request). The JSON files next to the summary contain all measurements as JMH
			writes them.
			""";

	private JmhRun() {
	}

	/**
	 * Run the benchmarks. Exits with status 1 if a target is missed with certainty.
	 * @param arguments {@code --include=} a regular expression for the names of the
	 * benchmarks; {@code --forks=} the number of JVMs for each; {@code --rounds=} the
	 * same for the benchmarks of iterations; {@code --measurements=} the number of
	 * measurements in each JVM
	 * @throws RunnerException if a benchmark fails
	 */
	public static void main(String[] arguments) throws RunnerException {
		Options options = Options.of(arguments, "include", "forks", "rounds", "measurements");
		Output output = Output.of("jmh", options);
		String include = "\\.jmh\\..*" + options.get("include", "");
		int forks = options.number("forks", 3);
		int rounds = options.number("rounds", 12);
		int measurements = options.number("measurements", 5);
		List<List<Cost>> iterations = new ArrayList<>();
		for (int round = 1; round <= rounds; round++) {
			ChainedOptionsBuilder ofRound = options(include,
					output.directory().resolve("iterations-" + round + ".json"))
				.exclude(ALL_OTHERS)
				.param("loops", (round % 2 == 1) ? IN_ORDER : IN_REVERSE);
			iterations.add(run(ofRound, 1, measurements, TIME));
		}
		List<Cost> others = run(options(include, output.directory().resolve("others.json")).exclude(ITERATIONS), forks,
				measurements, TIME);
		List<Cost> all = Stream.concat(others.stream(), joined(iterations)).toList();
		if (all.isEmpty()) {
			throw new IllegalArgumentException(
					"No benchmark matches --include=" + options.get("include", "") + ", or the number of rounds is 0");
		}
		output.say("# What the parts cost\n\n"
				+ METHOD.formatted(Version.getPlainVersion(), forks, rounds, measurements, TIME));
		output.say(table(all));
		Map<String, Added> added = Added.of(iterations);
		output.say(METHOD_OF_ITERATIONS);
		output.say(table(added));
		output.say(NOT_SHOWN);
		List<String> broken = Stream
			.concat(lines(added, (cost) -> cost.allocates() || cost.isLongerThan(MAX_ADDED_NANOS)), tooLong(others))
			.toList();
		List<String> open = lines(added,
				(cost) -> !cost.isLongerThan(MAX_ADDED_NANOS) && !cost.isAtMost(MAX_ADDED_NANOS))
			.toList();
		if (!broken.isEmpty()) {
			output.say("Targets missed:\n\n" + String.join("\n", broken) + "\n");
		}
		if (!open.isEmpty()) {
			output.say("Not certain to be within target:\n\n" + String.join("\n", open));
		}
		if (broken.isEmpty() && open.isEmpty() && !added.isEmpty()) {
			output.say("All targets met.");
		}
		System.exit(broken.isEmpty() ? 0 : 1);
	}

	private static ChainedOptionsBuilder options(String include, Path results) {
		return new OptionsBuilder().include(include).resultFormat(ResultFormatType.JSON).result(results.toString());
	}

	private static Stream<String> lines(Map<String, Added> added, Predicate<Added> condition) {
		return added.entrySet()
			.stream()
			.filter((entry) -> condition.test(entry.getValue()))
			.map((entry) -> String.format(Locale.ROOT, "- %s: %s, %+.3f bytes", entry.getKey(),
					entry.getValue().onTop(), entry.getValue().bytes()));
	}

	private static Stream<String> tooLong(List<Cost> costs) {
		return costs.stream()
			.filter((cost) -> cost.benchmark().equals("Snapshots.snapshot")
					&& MANY_LOOPS.equals(cost.parameters().get("loops")) && cost.median() > MAX_SNAPSHOT_MICROS)
			.map((cost) -> "- %s, %s: more than %.0f us".formatted(cost.benchmark(), cost.inWords(),
					MAX_SNAPSHOT_MICROS));
	}

	/**
	 * Run benchmarks.
	 * @param options the benchmarks to run
	 * @param forks the number of JVMs, run one after the other
	 * @param measurements the number of measurements in each JVM, and of warm-ups
	 * @param time the duration of each
	 * @return the results, empty if there is nothing to run
	 */
	static List<Cost> run(ChainedOptionsBuilder options, int forks, int measurements, TimeValue time)
			throws RunnerException {
		try {
			return new Runner(options.forks(forks)
				.warmupIterations(measurements)
				.warmupTime(time)
				.measurementIterations(measurements)
				.measurementTime(time)
				.addProfiler("gc")
				.shouldFailOnError(true)
				.jvmArgsAppend("-Xms256m", "-Xmx256m", "--enable-native-access=ALL-UNNAMED")
				.build()).run().stream().map(Cost::of).toList();
		}
		catch (NoBenchmarksException ex) {
			return List.of();
		}
	}

	/** Merge the measurements of all rounds. */
	private static Stream<Cost> joined(List<List<Cost>> rounds) {
		return rounds.stream()
			.flatMap(List::stream)
			.collect(Collectors.groupingBy((cost) -> cost.benchmark() + cost.inWords(), LinkedHashMap::new,
					Collectors.reducing(Cost::plus)))
			.values()
			.stream()
			.flatMap(Optional::stream);
	}

	private static String table(List<Cost> costs) {
		String header = """
				| benchmark | parameters | median | interquartile range | bytes |
				| --- | --- | --- | --- | --- |
				""";
		return costs.stream()
			.map((cost) -> String.format(Locale.ROOT, "| %s | %s | %.1f %s | %.1f to %.1f | %.1f |", cost.benchmark(),
					cost.inWords(), cost.median(), cost.unit(), cost.quantile(0.25), cost.quantile(0.75), cost.bytes()))
			.collect(Collectors.joining("\n", header, ""));
	}

	private static String table(Map<String, Added> added) {
		String header = """
				| one iteration of a loop | Netty's own | added by monitoring | added bytes |
				| --- | --- | --- | --- |
				""";
		return added.entrySet()
			.stream()
			.map((entry) -> String.format(Locale.ROOT, "| %s | %.1f ns | %s | %+.3f |", entry.getKey(),
					entry.getValue().stock(), entry.getValue().onTop(), entry.getValue().bytes()))
			.collect(Collectors.joining("\n", header, ""));
	}

}
