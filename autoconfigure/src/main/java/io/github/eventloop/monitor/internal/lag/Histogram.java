package io.github.eventloop.monitor.internal.lag;

import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

/**
 * Number of durations in each of the {@link DurationBuckets}.
 */
public sealed interface Histogram permits SparseHistogram, CountedIterations {

	/**
	 * Add the counts to values of the same buckets.
	 * @param values the values to add to
	 * @param weight the weight of each duration
	 */
	void addTo(double[] values, double weight);

	/**
	 * Add the counts to two sets of values in one pass, because a snapshot of busy loops
	 * spends much of its time here.
	 * @param values the values to add to, with a weight of 1
	 * @param others other values to add to
	 * @param weight the weight of each duration among these
	 */
	void addTo(double[] values, double[] others, double weight);

	/**
	 * Return the lower end of the range that contains all buckets that are not empty.
	 * @return the first bucket of the range, or {@link DurationBuckets#COUNT} if all are
	 * empty
	 */
	int first();

	/**
	 * Return the upper end of that range.
	 * @return the last bucket of the range, or -1 if all are empty
	 */
	int last();

	/**
	 * Return the number of durations in a bucket and all buckets above it.
	 * @param bucket the bucket
	 * @return the number
	 */
	long countFrom(int bucket);

	/**
	 * Return an immutable histogram with the same counts.
	 * @return the histogram
	 */
	SparseHistogram toSparse();

	/**
	 * Return whether all buckets are empty.
	 * @return whether there are no durations
	 */
	default boolean isEmpty() {
		return last() < 0;
	}

}
