package io.github.eventloop.benchmarks.prometheus;

import java.util.List;

import io.github.eventloop.benchmarks.prometheus.QueryApi.Series;

/**
 * The bounds of a histogram's buckets: a quantile is accurate to one bucket.
 *
 * @param bounds the upper bounds, in any order
 */
record Buckets(List<Double> bounds) {

	/**
	 * Read the bounds.
	 * @param buckets the series of one histogram
	 * @return its buckets
	 */
	static Buckets of(List<Series> buckets) {
		return new Buckets(buckets.stream()
			.map((bucket) -> bucket.label("le"))
			.filter((bound) -> !bound.equals("+Inf"))
			.map(Double::valueOf)
			.toList());
	}

	/**
	 * Return the distance between two values.
	 * @param one a value
	 * @param other another value
	 * @return the number of bounds between them: 0 in the same bucket
	 */
	long between(double one, double other) {
		return this.bounds.stream()
			.filter((bound) -> bound >= Math.min(one, other) && bound < Math.max(one, other))
			.count();
	}

}
