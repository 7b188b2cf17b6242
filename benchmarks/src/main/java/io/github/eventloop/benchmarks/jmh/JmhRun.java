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
 * Runs the benchmarks of this package, and tells what the parts of the library cost.
 */
public final class JmhRun {

	/** How much longer a turn may take. */
	private static final double MOST_NANOS = 60;

	/** How long a snapshot of so many loops may take. */
	private static final double MOST_MICROS = 2_000;

	private static final String MOST_LOOPS = "64";

	private static final TimeValue TIME = TimeValue.seconds(1);

	private static final String[] IN_ORDER = { Loops.STOCK.name(), Loops.MONITORED.name() };

	private static final String[] IN_REVERSE = { Loops.MONITORED.name(), Loops.STOCK.name() };

	private static final String TURNS = "Turns\\.";

	private static final String ALL_OTHERS = "^(?!.*" + TURNS + ")";

	private static final String METHOD = """
			JMH %s, %d JVMs for each row, %d for those of turns, %d measurements of %s in each after as many of warming up. The
			median of all measurements, what half of them lie between, and bytes that all threads of the JVM allocated.
			""";

	private static final String METHOD_OF_TURNS = """

			JVMs of one program differ, and so does the machine from minute to minute. So turns are measured in rounds, each with
			one JVM for each row: Netty's own right before the monitored one, and right after it in every other round. It is the
			differences between the medians of the two that count: their mean and its 95 % confidence interval.
			""";

	private static final String NOT_SHOWN = """

			What it does not show: caches that an application's own work has emptied. The share of all this in a request is
			another measurement. The JSON files beside the summary have all measurements as JMH writes them.
			""";

	private JmhRun() {
	}

	/**
	 * Run it. Ends with 1 if something is certainly not as promised.
	 * @param arguments {@code --include=} a regular expression for the names of the
	 * benchmarks; {@code --forks=} JVMs for each; {@code --rounds=} the same for those of
	 * turns; {@code --measurements=} in each JVM
	 * @throws RunnerException if a benchmark fails
	 */
	public static void main(String[] arguments) throws RunnerException {
		Options options = Options.of(arguments, "include", "forks", "rounds", "measurements");
		Output output = Output.of("jmh", options);
		String include = "\\.jmh\\..*" + options.get("include", "");
		int forks = options.number("forks", 3);
		int rounds = options.number("rounds", 12);
		int measurements = options.number("measurements", 5);
		List<List<Cost>> turns = new ArrayList<>();
		for (int round = 1; round <= rounds; round++) {
			ChainedOptionsBuilder ofRound = options(include, output.directory().resolve("turns-" + round + ".json"))
				.exclude(ALL_OTHERS)
				.param("loops", (round % 2 == 1) ? IN_ORDER : IN_REVERSE);
			turns.add(run(ofRound, 1, measurements, TIME));
		}
		List<Cost> others = run(options(include, output.directory().resolve("others.json")).exclude(TURNS), forks,
				measurements, TIME);
		List<Cost> all = Stream.concat(others.stream(), joined(turns)).toList();
		if (all.isEmpty()) {
			throw new IllegalArgumentException("There is no benchmark whose name matches --include="
					+ options.get("include", "") + ", or no round to run it in");
		}
		output.say("# What the parts cost\n\n"
				+ METHOD.formatted(Version.getPlainVersion(), forks, rounds, measurements, TIME));
		output.say(table(all));
		Map<String, Added> added = Added.of(turns);
		output.say(METHOD_OF_TURNS);
		output.say(table(added));
		output.say(NOT_SHOWN);
		List<String> broken = Stream
			.concat(lines(added, (turn) -> turn.allocates() || turn.isLongerThan(MOST_NANOS)), tooLong(others))
			.toList();
		List<String> open = lines(added, (turn) -> !turn.isLongerThan(MOST_NANOS) && !turn.isAtMost(MOST_NANOS))
			.toList();
		if (!broken.isEmpty()) {
			output.say("Not as promised:\n\n" + String.join("\n", broken) + "\n");
		}
		if (!open.isEmpty()) {
			output.say("Not certain to be as promised:\n\n" + String.join("\n", open));
		}
		if (broken.isEmpty() && open.isEmpty() && !added.isEmpty()) {
			output.say("As promised.");
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
					&& MOST_LOOPS.equals(cost.parameters().get("loops")) && cost.median() > MOST_MICROS)
			.map((cost) -> "- %s, %s: more than %.0f us".formatted(cost.benchmark(), cost.inWords(), MOST_MICROS));
	}

	/**
	 * Run benchmarks.
	 * @param options what to run
	 * @param forks in how many JVMs one after the other
	 * @param measurements how many there are in each, and how many to warm up
	 * @param time how long each takes
	 * @return the results, none if there is nothing to run
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

	/** The measurements of all rounds, as if they were of one. */
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
				| benchmark | of | median | half of them | bytes |
				| --- | --- | --- | --- | --- |
				""";
		return costs.stream()
			.map((cost) -> String.format(Locale.ROOT, "| %s | %s | %.1f %s | %.1f to %.1f | %.1f |", cost.benchmark(),
					cost.inWords(), cost.median(), cost.unit(), cost.quantile(0.25), cost.quantile(0.75), cost.bytes()))
			.collect(Collectors.joining("\n", header, ""));
	}

	private static String table(Map<String, Added> added) {
		String header = """
				| one turn of a loop | Netty's own | monitored, on top | bytes on top |
				| --- | --- | --- | --- |
				""";
		return added.entrySet()
			.stream()
			.map((entry) -> String.format(Locale.ROOT, "| %s | %.1f ns | %s | %+.3f |", entry.getKey(),
					entry.getValue().stock(), entry.getValue().onTop(), entry.getValue().bytes()))
			.collect(Collectors.joining("\n", header, ""));
	}

}
