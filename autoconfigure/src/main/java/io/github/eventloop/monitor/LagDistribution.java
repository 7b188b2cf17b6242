package io.github.eventloop.monitor;

import java.util.Arrays;

/**
 * Turns lengths of iterations into a distribution of {@link Lag}.
 * <p>
 * Let {@code S(x) = sum(w * max(0, d - x))} over all iterations added, with their weights
 * {@code w}: the time during which an event that became ready had to wait for longer than
 * {@code x}. {@code S(x) / T} is then the probability of a lag above {@code x} over the
 * window {@code T}. {@code S} is linear between two lengths, so that each percentile is
 * found exactly in one pass from the longest length down.
 * <p>
 * Not thread-safe.
 */
final class LagDistribution {

	private final double[] weights = new double[DurationBuckets.COUNT];

	/** One above the highest bucket in use. */
	private int end;

	private long longest;

	private double windowNanos;

	/**
	 * Add an iteration's length.
	 * @param nanos the length
	 * @param weight how much it counts, 1 for an iteration of the only loop
	 * @param limitNanos the length of the window: what a longer iteration delayed before
	 * the window began is none of this window's time
	 */
	void add(long nanos, double weight, long limitNanos) {
		addToBucket(DurationBuckets.indexOf(nanos), weight);
		this.longest = Math.max(this.longest, nanos);
		cutOff(nanos, weight, limitNanos);
	}

	/**
	 * Add iterations by their bucket.
	 * @param bucket the bucket
	 * @param weight how much they count together
	 * @param limitNanos the length of the window
	 */
	void addBucket(int bucket, double weight, long limitNanos) {
		addToBucket(bucket, weight);
		long nanos = DurationBuckets.middleOf(bucket);
		this.longest = Math.max(this.longest, nanos);
		cutOff(nanos, weight, limitNanos);
	}

	private void cutOff(long nanos, double weight, long limitNanos) {
		if (nanos > limitNanos) {
			addToBucket(DurationBuckets.indexOf(nanos - limitNanos), -weight);
		}
	}

	private void addToBucket(int bucket, double weight) {
		this.weights[bucket] += weight;
		this.end = Math.max(this.end, bucket + 1);
	}

	/**
	 * Add to the length of the window.
	 * @param nanos the length
	 * @param weight how much it counts
	 */
	void addWindow(long nanos, double weight) {
		this.windowNanos += nanos * weight;
	}

	/**
	 * Return the distribution of what was added.
	 * @return the lag; {@link Lag#NONE} for an empty window
	 */
	Lag toLag() {
		if (this.windowNanos <= 0 || this.longest == 0) {
			return Lag.NONE;
		}
		double squares = 0;
		for (int i = 0; i < this.end; i++) {
			double middle = DurationBuckets.middleOf(i);
			squares += this.weights[i] * middle * middle;
		}
		long mean = Math.min(this.longest, Math.round(Math.max(0, squares) / 2 / this.windowNanos));
		return new Lag(mean, percentile(0.5), percentile(0.9), percentile(0.99), this.longest);
	}

	/**
	 * Return the lag that a share of the window's events does not exceed.
	 * @param share the share, 0..1
	 * @return the lag in nanoseconds
	 */
	long percentile(double share) {
		return new Descent().lagExceededFor((1 - share) * this.windowNanos);
	}

	/**
	 * Return the time during which an event that became ready had to wait at all.
	 * @return the time in nanoseconds
	 */
	double totalNanos() {
		double total = 0;
		for (int i = 0; i < this.end; i++) {
			total += this.weights[i] * DurationBuckets.middleOf(i);
		}
		return total;
	}

	/**
	 * Play events that become ready at regular intervals, and tell what each of them
	 * waits. The longest waits come first.
	 * @param lags receives the lags in nanoseconds
	 * @param phase where in its interval each becomes ready, 0..1
	 * @param spanNanos the time over which they become ready
	 */
	void arrivals(long[] lags, double phase, double spanNanos) {
		double interval = spanNanos / lags.length;
		Descent descent = new Descent();
		for (int i = 0; i < lags.length; i++) {
			lags[i] = descent.lagExceededFor((i + phase) * interval);
			if (lags[i] == 0) {
				break;
			}
		}
	}

	/** Forget everything. */
	void clear() {
		Arrays.fill(this.weights, 0, this.end, 0);
		this.end = 0;
		this.longest = 0;
		this.windowNanos = 0;
	}

	/** Walks {@code S} from the longest length down. */
	private final class Descent {

		private int next = LagDistribution.this.end - 1;

		private double count;

		private double sum;

		/**
		 * Return the {@code x} for which {@code S(x)} is as given, or 0 if there is none.
		 * @param nanos the value of {@code S}, not less than at the call before
		 */
		long lagExceededFor(double nanos) {
			for (; this.next >= 0; this.next--) {
				double middle = DurationBuckets.middleOf(this.next);
				if (this.count > 0 && this.sum - this.count * middle >= nanos) {
					long lag = Math.round((this.sum - nanos) / this.count);
					return Math.min(LagDistribution.this.longest, lag);
				}
				this.count += LagDistribution.this.weights[this.next];
				this.sum += LagDistribution.this.weights[this.next] * middle;
			}
			return 0;
		}

	}

}
