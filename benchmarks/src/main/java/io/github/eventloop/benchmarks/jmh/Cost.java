package io.github.eventloop.benchmarks.jmh;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;
import org.openjdk.jmh.results.RunResult;

import io.github.eventloop.benchmarks.jmh.Iterations.Loops;

/**
 * The measurements of one benchmark with one set of parameters.
 *
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
		double bytes = result.getSecondaryResults()
			.values()
			.stream()
			.filter((profiled) -> profiled.getLabel().equals("gc.alloc.rate.norm"))
			.mapToDouble((profiled) -> profiled.getScore())
			.findFirst()
			.orElseThrow();
		return new Cost(result.getParams().getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)", "$1"), parameters,
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
		return percentile(50);
	}

	double percentile(double percentile) {
		return new Percentile(percentile).withEstimationType(EstimationType.R_7)
			.evaluate(this.scores.stream().mapToDouble(Double::doubleValue).toArray());
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

	/** Return what is compared between loops: the benchmark with its other parameters. */
	String subject() {
		Map<String, String> others = new TreeMap<>(this.parameters);
		others.remove(LOOPS);
		return others.isEmpty() ? this.benchmark : this.benchmark + others.values();
	}

}
