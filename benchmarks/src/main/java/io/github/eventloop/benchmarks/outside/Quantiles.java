package io.github.eventloop.benchmarks.outside;

import java.util.Arrays;
import java.util.List;

import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Outcome;
import io.github.eventloop.benchmarks.load.Sample;

/**
 * The quantiles of a distribution that are compared, in milliseconds.
 *
 * @param p50 the median
 * @param p90 90th percentile
 * @param p99 99th percentile
 * @param max the maximum
 */
record Quantiles(double p50, double p90, double p99, double max) {

	static final List<String> NAMES = List.of("p50", "p90", "p99", "max");

	/**
	 * Return the quantiles of the latencies of a load.
	 * @param load the load
	 * @return its quantiles
	 * @throws IllegalStateException if a request was not answered: its latency is unknown
	 */
	static Quantiles of(LoadResult load) {
		List<Sample> samples = load.samples();
		if (samples.isEmpty()) {
			throw new IllegalStateException("No request was due");
		}
		samples.stream().filter((sample) -> sample.outcome() != Outcome.OK).findAny().ifPresent((sample) -> {
			throw new IllegalStateException("Not all requests were answered: " + sample);
		});
		long[] sorted = samples.stream().mapToLong(Sample::latencyNanos).sorted().toArray();
		return new Quantiles(at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99), at(sorted, 1));
	}

	/** Nearest-rank method. */
	private static double at(long[] sorted, double quantile) {
		return sorted[Math.max(0, (int) Math.ceil(quantile * sorted.length) - 1)] / 1e6;
	}

	/**
	 * Return the quantiles of the lag of all loops.
	 * @param lag the lag as reported by the endpoint
	 * @return its quantiles
	 */
	static Quantiles of(JsonNode lag) {
		return new Quantiles(lag.get("p50Millis").asDouble(), lag.get("p90Millis").asDouble(),
				lag.get("p99Millis").asDouble(), lag.get("maxMillis").asDouble());
	}

	/**
	 * Subtract the latency of an undisturbed request.
	 * @param millis the latency
	 * @return the remaining latencies, at least 0
	 */
	Quantiles minus(double millis) {
		double[] left = Arrays.stream(values()).map((value) -> Math.max(0, value - millis)).toArray();
		return new Quantiles(left[0], left[1], left[2], left[3]);
	}

	double[] values() {
		return new double[] { this.p50, this.p90, this.p99, this.max };
	}

}
