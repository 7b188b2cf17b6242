package io.github.eventloop.benchmarks.jmh;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Version;

import io.github.eventloop.benchmarks.Run;
import io.github.eventloop.benchmarks.jmh.Iterations.Loops;

/**
 * Runner for the benchmarks of this package, which reports the cost of the parts of the
 * library.
 */
public final class JmhRun {

	/** Target for the time that monitoring adds to an iteration. */
	private static final double MAX_ADDED_NANOS = 60;

	/** Target for a snapshot of 64 loops. */
	private static final double MAX_SNAPSHOT_MICROS = 500;

	private static final TimeValue TIME = TimeValue.seconds(1);

	private static final String ITERATIONS = "Iterations\\.";

	private JmhRun() {
	}

	/**
	 * Forks are JVMs for each benchmark; rounds are the same for iterations; measurements
	 * are those in each JVM. Exits with status 1 if a target is missed with certainty.
	 */
	public static void main(String[] arguments) throws IOException, RunnerException {
		Run run = new Run("jmh", arguments, "include", "forks", "rounds", "measurements");
		int forks = run.get("forks", 3);
		int rounds = run.get("rounds", 12);
		int measurements = run.get("measurements", 5);
		List<List<Cost>> iterations = new ArrayList<>();
		for (int round = 1; round <= rounds; round++) {
			Loops[] inOrder = { Loops.STOCK, Loops.MONITORED };
			iterations.add(run(
					options(run, "iterations-" + round).exclude("^(?!.*" + ITERATIONS + ")")
						.param("loops", inOrder[(round + 1) % 2].name(), inOrder[round % 2].name()),
					1, measurements, TIME));
		}
		List<Cost> others = run(options(run, "others").exclude(ITERATIONS), forks, measurements, TIME);
		List<Cost> all = Stream.concat(others.stream(), joined(iterations).stream()).toList();
		if (all.isEmpty()) {
			throw new IllegalArgumentException("No benchmark matches --include, or the number of rounds is 0");
		}
		run.say("""
				# What the parts cost

				JMH %s, %d JVMs for each row, %d for the rows of iterations, %d measurements of %s in each JVM after the same number
				of warm-ups. The table shows the median and the interquartile range of all measurements, and the bytes allocated by
				all threads of the JVM.

				| benchmark | parameters | median | interquartile range | bytes |
				| --- | --- | --- | --- | --- |""",
				Version.getPlainVersion(), forks, rounds, measurements, TIME);
		all.forEach((cost) -> run.say("| %s | %s | %.1f %s | %.1f to %.1f | %.1f |", cost.benchmark(), cost.inWords(),
				cost.median(), cost.unit(), cost.percentile(25), cost.percentile(75), cost.bytes()));
		report(run, Added.of(iterations));
		run.missed(others.stream()
			.filter((cost) -> cost.benchmark().equals("Snapshots.snapshot")
					&& "64".equals(cost.parameters().get("loops")) && cost.median() > MAX_SNAPSHOT_MICROS)
			.map((cost) -> "%s, %s: more than %.0f us".formatted(cost.benchmark(), cost.inWords(), MAX_SNAPSHOT_MICROS))
			.toList());
		run.end();
	}

	private static void report(Run run, Map<String, Added> iterations) {
		run.say("""

				JVMs that run the same program differ. Iterations are therefore measured in rounds, with Netty's own
				loop directly before or after the monitored one. The table shows the mean difference between the two
				medians of a round, and its 95 % confidence interval.

				| one iteration of a loop | Netty's own | added by monitoring | added bytes |
				| --- | --- | --- | --- |""");
		List<String> missed = new ArrayList<>();
		List<String> uncertain = new ArrayList<>();
		iterations.forEach((subject, added) -> {
			run.say("| %s | %.1f ns | %s | %+.3f |", subject, added.stock(), added.onTop(), added.bytes());
			if (added.allocates() || added.isLongerThan(MAX_ADDED_NANOS)) {
				missed.add(line(subject, added));
			}
			else if (!added.isAtMost(MAX_ADDED_NANOS)) {
				uncertain.add("- " + line(subject, added));
			}
		});
		run.say("""

				What this does not show: the effect of cold caches in an application that does other work. The share in
				the cost of a request is [measured separately](#cpu-per-request).""");
		if (!uncertain.isEmpty()) {
			run.say("\nNot certain to be within target:\n\n" + String.join("\n", uncertain));
		}
		run.missed(missed);
	}

	private static String line(String subject, Added added) {
		return String.format(Locale.ROOT, "%s: %s, %+.3f bytes", subject, added.onTop(), added.bytes());
	}

	private static ChainedOptionsBuilder options(Run run, String results) {
		return new OptionsBuilder().include("\\.jmh\\..*" + run.get("include", ""))
			.resultFormat(ResultFormatType.JSON)
			.result(run.file(results + ".json").toString());
	}

	/**
	 * Run benchmarks in a number of JVMs, one after the other, each with a number of
	 * measurements and as many warm-ups, of a given duration.
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
	private static List<Cost> joined(List<List<Cost>> rounds) {
		Map<String, Cost> joined = new LinkedHashMap<>();
		rounds.stream()
			.flatMap(List::stream)
			.forEach((cost) -> joined.merge(cost.benchmark() + cost.inWords(), cost, Cost::plus));
		return List.copyOf(joined.values());
	}

}
