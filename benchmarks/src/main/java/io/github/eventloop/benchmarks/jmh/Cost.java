package io.github.eventloop.benchmarks.jmh;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.openjdk.jmh.results.RunResult;

/**
 * The measurements of one benchmark with one set of parameters.
 *
 * @param benchmark the name of the benchmark
 * @param parameters its parameters, by name
 * @param unit the unit of the scores
 * @param scores all scores
 * @param bytes mean of the allocated bytes
 */
record Cost(String benchmark, Map<String, String> parameters, String unit, List<Double> scores, double bytes) {

	private static final String LOOPS = "loops";

	static Cost of(RunResult result) {
		Map<String, String> parameters = new TreeMap<>();
		result.getParams().getParamsKeys().forEach((name) -> parameters.put(name, result.getParams().getParam(name)));
		List<Double> scores = result.getBenchmarkResults()
			.stream()
			.flatMap((fork) -> fork.getIterationResults().stream())
			.map((measurement) -> measurement.getPrimaryResult().getScore())
			.toList();
		String[] name = result.getParams().getBenchmark().split("\\.", -1);
		double bytes = result.getSecondaryResults()
			.values()
			.stream()
			.filter((profiled) -> profiled.getLabel().equals("gc.alloc.rate.norm"))
			.mapToDouble((profiled) -> profiled.getScore())
			.findFirst()
			.orElseThrow();
		return new Cost(name[name.length - 2] + "." + name[name.length - 1], parameters,
				result.getPrimaryResult().getScoreUnit(), scores, bytes);
	}

	/** Merge the scores of another JVM. */
	Cost plus(Cost other) {
		int number = this.scores.size() + other.scores.size();
		return new Cost(this.benchmark, this.parameters, this.unit,
				Stream.concat(this.scores.stream(), other.scores.stream()).toList(),
				(this.bytes * this.scores.size() + other.bytes * other.scores.size()) / number);
	}

	double median() {
		return quantile(0.5);
	}

	double quantile(double share) {
		double[] sorted = this.scores.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		double position = share * (sorted.length - 1);
		int below = (int) position;
		int above = Math.min(below + 1, sorted.length - 1);
		return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
	}

	/** Return the parameters as text. */
	String inWords() {
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
