package io.github.eventloop.monitor.internal.lag;

import java.util.Arrays;
import java.util.BitSet;

import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

/**
 * Accumulator that computes the distribution of {@link Lag} from spans of waiting.
 * <p>
 * An event that becomes ready at {@code t} while its loop is in an iteration that ends at
 * {@code e} waits for {@code e - t}. The part of an iteration between two instants is
 * therefore a span in which the wait decreases linearly, from the longest at its
 * beginning to the shortest at its end, which is 0 if the iteration ends there. Let
 * {@code S(x) = sum(w * (max(0, longest - x) - max(0, shortest - x)))} over all spans
 * added, with their weights {@code w}: the time during which an event that became ready
 * had to wait for longer than {@code x}. {@code S(x) / T} is then the probability of a
 * lag above {@code x} over the window {@code T}.
 * <p>
 * {@code S} is piecewise linear with breakpoints at the longest and at the shortest wait
 * of each span, so that all percentiles are found exactly in one scan from the longest
 * wait down.
 * <p>
 * Not thread-safe.
 */
public final class LagDistribution {

	/**
	 * Weights of waits that are rounded to a bucket. Those of the shortest waits of spans
	 * are negative.
	 */
	private final double[] buckets = new double[DurationBuckets.COUNT];

	/** The buckets that are in use, which are few. */
	private final BitSet used = new BitSet(DurationBuckets.COUNT);

	/** The breakpoints of exact waits. */
	private Breakpoint[] breakpoints = new Breakpoint[8];

	private int breakpointCount;

	private boolean sorted = true;

	/** The longest exact wait; the longest rounded wait is the last bucket in use. */
	private long longestBreakpoint;

	private double windowNanos;

	/**
	 * Add a span in which the wait decreases linearly.
	 * @param shortest the wait at its end, in nanoseconds
	 * @param longest the wait at its beginning, in nanoseconds
	 * @param weight the weight of the span, 1 in the distribution of a single loop
	 */
	public void add(long shortest, long longest, double weight) {
		if (weight > 0 && longest > shortest) {
			addBreakpoint(longest, weight);
			if (shortest > 0) {
				addBreakpoint(shortest, -weight);
			}
		}
	}

	/**
	 * Add a span with the precision of the buckets, which take no memory per span.
	 * @param shortest the wait at its end, in nanoseconds
	 * @param longest the wait at its beginning, in nanoseconds
	 * @param weight the weight of the span
	 */
	void addRounded(long shortest, long longest, double weight) {
		if (weight > 0 && longest > shortest) {
			addToBucket(DurationBuckets.indexOf(longest), weight);
			if (shortest > 0) {
				addToBucket(DurationBuckets.indexOf(shortest), -weight);
			}
		}
	}

	/**
	 * Add whole iterations by bucket.
	 * @param bucket the bucket of their lengths
	 * @param weight the total weight of the iterations
	 */
	void addBucket(int bucket, double weight) {
		if (weight > 0) {
			addToBucket(bucket, weight);
		}
	}

	private void addToBucket(int bucket, double weight) {
		this.buckets[bucket] += weight;
		this.used.set(bucket);
	}

	/**
	 * Add time in which all events that became ready waited equally long: a step of
	 * {@code S}.
	 * @param nanos how long they waited, more than 0
	 * @param duration the time in nanoseconds
	 */
	void addStep(long nanos, double duration) {
		add(nanos - 1, nanos, duration);
	}

	private void addBreakpoint(long nanos, double weight) {
		if (this.breakpointCount == this.breakpoints.length) {
			this.breakpoints = Arrays.copyOf(this.breakpoints, 2 * this.breakpointCount);
		}
		this.breakpoints[this.breakpointCount++] = new Breakpoint(nanos, weight);
		this.longestBreakpoint = Math.max(this.longestBreakpoint, nanos);
		this.sorted = false;
	}

	/**
	 * Add to the length of the window.
	 * @param nanos the length
	 * @param weight the weight of that time
	 */
	public void addWindow(long nanos, double weight) {
		this.windowNanos += nanos * weight;
	}

	/**
	 * Return the distribution of what was added.
	 * @return the lag; {@link Lag#NONE} for an empty window
	 */
	public Lag toLag() {
		long longest = longest();
		if (this.windowNanos <= 0 || longest == 0) {
			return Lag.NONE;
		}
		double squares = 0;
		for (int i = this.used.nextSetBit(0); i >= 0; i = this.used.nextSetBit(i + 1)) {
			double middle = DurationBuckets.middleOf(i);
			squares += this.buckets[i] * middle * middle;
		}
		for (int i = 0; i < this.breakpointCount; i++) {
			double nanos = this.breakpoints[i].nanos;
			squares += this.breakpoints[i].weight * nanos * nanos;
		}
		long mean = Math.min(longest, Math.round(Math.max(0, squares) / 2 / this.windowNanos));
		// Highest percentile first: the scan only moves forward.
		PercentileScan scan = new PercentileScan();
		long p99 = scan.lagExceededFor(0.01 * this.windowNanos);
		long p90 = scan.lagExceededFor(0.1 * this.windowNanos);
		long p50 = scan.lagExceededFor(0.5 * this.windowNanos);
		return new Lag(mean, p50, p90, p99, longest);
	}

	private long longest() {
		int buckets = this.used.length();
		return Math.max(this.longestBreakpoint, (buckets > 0) ? DurationBuckets.middleOf(buckets - 1) : 0);
	}

	/**
	 * Return the time during which an event that became ready had to wait at all.
	 * @return the time in nanoseconds
	 */
	public double totalNanos() {
		double total = 0;
		for (int i = this.used.nextSetBit(0); i >= 0; i = this.used.nextSetBit(i + 1)) {
			total += this.buckets[i] * DurationBuckets.middleOf(i);
		}
		for (int i = 0; i < this.breakpointCount; i++) {
			total += this.breakpoints[i].weight * this.breakpoints[i].nanos;
		}
		return total;
	}

	/**
	 * Compute the lags of virtual events that become ready at regular intervals, longest
	 * first.
	 * @param lags receives the lags in nanoseconds
	 * @param phase the position of each event in its interval, 0..1
	 * @param spanNanos the length of the time in which the events become ready
	 */
	public void arrivals(long[] lags, double phase, double spanNanos) {
		double interval = spanNanos / lags.length;
		PercentileScan scan = new PercentileScan();
		for (int i = 0; i < lags.length; i++) {
			lags[i] = scan.lagExceededFor((i + phase) * interval);
			if (lags[i] == 0) {
				break;
			}
		}
	}

	/**
	 * Return the accumulated distribution, and clear this one.
	 * @return a part that {@link #add(Part)} accepts
	 */
	Part take() {
		mergeBreakpoints();
		char[] used = new char[this.used.cardinality()];
		float[] weights = new float[used.length];
		int next = 0;
		for (int i = this.used.nextSetBit(0); i >= 0; i = this.used.nextSetBit(i + 1)) {
			used[next] = (char) i;
			weights[next++] = (float) this.buckets[i];
		}
		Part part = new Part(used, weights, Arrays.copyOf(this.breakpoints, this.breakpointCount), this.windowNanos);
		clear();
		return part;
	}

	/** Merge breakpoints at the same wait. */
	private void mergeBreakpoints() {
		sortBreakpoints();
		int merged = 0;
		for (int i = 0; i < this.breakpointCount; i++) {
			Breakpoint breakpoint = this.breakpoints[i];
			if (merged > 0 && this.breakpoints[merged - 1].nanos == breakpoint.nanos) {
				this.breakpoints[merged - 1] = new Breakpoint(breakpoint.nanos,
						this.breakpoints[merged - 1].weight + breakpoint.weight);
			}
			else {
				this.breakpoints[merged++] = breakpoint;
			}
		}
		Arrays.fill(this.breakpoints, merged, this.breakpointCount, null);
		this.breakpointCount = merged;
	}

	/** Sort the breakpoints, longest wait first. */
	private void sortBreakpoints() {
		if (!this.sorted) {
			Arrays.sort(this.breakpoints, 0, this.breakpointCount,
					(one, other) -> Long.compare(other.nanos, one.nanos));
			this.sorted = true;
		}
	}

	/**
	 * Add a part that was taken from a distribution.
	 * @param part the part
	 */
	public void add(Part part) {
		for (int i = 0; i < part.buckets.length; i++) {
			addToBucket(part.buckets[i], part.weights[i]);
		}
		for (Breakpoint breakpoint : part.breakpoints) {
			addBreakpoint(breakpoint.nanos, breakpoint.weight);
		}
		this.windowNanos += part.windowNanos;
	}

	/** Remove everything that was added. */
	public void clear() {
		for (int i = this.used.nextSetBit(0); i >= 0; i = this.used.nextSetBit(i + 1)) {
			this.buckets[i] = 0;
		}
		this.used.clear();
		Arrays.fill(this.breakpoints, 0, this.breakpointCount, null);
		this.breakpointCount = 0;
		this.sorted = true;
		this.longestBreakpoint = 0;
		this.windowNanos = 0;
	}

	/**
	 * A change of the slope of {@code S}.
	 */
	private record Breakpoint(long nanos, double weight) {
	}

	/**
	 * A compact copy of a distribution, to be added to another. Immutable.
	 *
	 * @param buckets the buckets in use, lowest first, in two bytes each
	 * @param weights the weight of each bucket, as {@code float} because each loop keeps
	 * two parts
	 * @param breakpoints the breakpoints of exact waits, longest first
	 * @param windowNanos the length of the window
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
	record Part(char[] buckets, float[] weights, Breakpoint[] breakpoints, double windowNanos) {
	}

	/** Scan of {@code S} from the longest wait down. */
	private final class PercentileScan {

		private int nextBucket = LagDistribution.this.used.length() - 1;

		private int nextBreakpoint;

		private double count;

		private double sum;

		private final long longest = longest();

		PercentileScan() {
			sortBreakpoints();
		}

		/**
		 * Return the lag that is exceeded for a given time: the {@code x} at which
		 * {@code S(x)} has the given value, or 0 if there is none.
		 * @param nanos the value of {@code S}, not less than in the previous call
		 */
		long lagExceededFor(double nanos) {
			LagDistribution all = LagDistribution.this;
			while (this.nextBucket >= 0 || this.nextBreakpoint < all.breakpointCount) {
				long bucket = (this.nextBucket >= 0) ? DurationBuckets.middleOf(this.nextBucket) : -1;
				boolean breakpoint = this.nextBreakpoint < all.breakpointCount
						&& all.breakpoints[this.nextBreakpoint].nanos >= bucket;
				double length = breakpoint ? all.breakpoints[this.nextBreakpoint].nanos : bucket;
				// S at this length: if it reaches the target, the result lies above.
				if (this.sum - this.count * length >= nanos) {
					return interpolate(nanos);
				}
				double weight = breakpoint ? all.breakpoints[this.nextBreakpoint++].weight
						: all.buckets[this.nextBucket];
				this.count += weight;
				this.sum += weight * length;
				if (!breakpoint) {
					this.nextBucket = all.used.previousSetBit(this.nextBucket - 1);
				}
			}
			return (this.sum >= nanos) ? interpolate(nanos) : 0;
		}

		private long interpolate(double nanos) {
			if (this.count <= 0) {
				return this.longest;
			}
			return Math.max(0, Math.min(this.longest, Math.round((this.sum - nanos) / this.count)));
		}

	}

}
