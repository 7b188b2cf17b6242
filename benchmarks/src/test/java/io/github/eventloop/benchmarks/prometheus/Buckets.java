package io.github.eventloop.benchmarks.prometheus;

import java.util.List;

import io.github.eventloop.benchmarks.prometheus.Database.Series;

/**
 * The bounds of a histogram's buckets: a quantile is accurate to one bucket.
 *
 * @param bounds the upper bounds, in any order
 */
record Buckets(List<Double> bounds) {

	/** Read the bounds from the series of one histogram. */
	static Buckets of(List<Series> buckets) {
		return new Buckets(buckets.stream()
			.map((bucket) -> bucket.label("le"))
			.filter((bound) -> !bound.equals("+Inf"))
			.map(Double::valueOf)
			.toList());
	}

	/** Return the number of bounds between two values: 0 in the same bucket. */
	long between(double one, double other) {
		return this.bounds.stream()
			.filter((bound) -> bound >= Math.min(one, other) && bound < Math.max(one, other))
			.count();
	}

}
