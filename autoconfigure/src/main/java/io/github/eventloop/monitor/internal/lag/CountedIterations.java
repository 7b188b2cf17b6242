package io.github.eventloop.monitor.internal.lag;

import java.util.Arrays;

import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

/**
 * Histogram of the iterations that a loop has counted between two copies of its counters.
 * It only refers to the copies, so that a snapshot neither allocates nor encodes anything
 * for the slice in progress, and is therefore valid until one of them changes.
 * <p>
 * Not thread-safe.
 */
final class CountedIterations implements Histogram {

	private final int[] before;

	private final int[] after;

	private final int first;

	private final int last;

	/**
	 * Create a histogram of the difference between two copies of the same counters.
	 * @param before the first copy
	 * @param after the second copy; the counters count modulo 2<sup>32</sup>
	 */
	CountedIterations(int[] before, int[] after) {
		this.before = before;
		this.after = after;
		int first = Arrays.mismatch(before, after);
		int end = before.length;
		// Comparing many counters at once is vectorized.
		while (first >= 0
				&& Arrays.equals(before, end - DurationBuckets.STEPS, end, after, end - DurationBuckets.STEPS, end)) {
			end -= DurationBuckets.STEPS;
		}
		this.first = (first >= 0) ? first : DurationBuckets.COUNT;
		this.last = (first >= 0) ? end - 1 : -1;
	}

	private long count(int bucket) {
		return Integer.toUnsignedLong(this.after[bucket] - this.before[bucket]);
	}

	@Override
	public void addTo(double[] values, double weight) {
		for (int i = this.first; i <= this.last; i++) {
			values[i] += weight * count(i);
		}
	}

	@Override
	public void addTo(double[] values, double[] others, double weight) {
		for (int i = this.first; i <= this.last; i++) {
			double count = count(i);
			values[i] += count;
			others[i] += weight * count;
		}
	}

	@Override
	public int first() {
		return this.first;
	}

	@Override
	public int last() {
		return this.last;
	}

	@Override
	public long countFrom(int bucket) {
		long total = 0;
		for (int i = Math.max(bucket, this.first); i <= this.last; i++) {
			total += count(i);
		}
		return total;
	}

	@Override
	public SparseHistogram toSparse() {
		SparseHistogram.Builder counts = new SparseHistogram.Builder();
		for (int i = this.first; i <= this.last; i++) {
			counts.add(i, count(i));
		}
		return counts.build();
	}

}
