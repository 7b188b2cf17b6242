package io.github.eventloop.monitor;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Turns spans of waiting into a distribution of {@link Lag}.
 * <p>
 * An event that becomes ready at {@code t} while its loop is in an iteration that ends at
 * {@code e} waits for {@code e - t}. So the part of an iteration between two instants is
 * a span in which the wait falls evenly, from the longest at its beginning to the
 * shortest at its end: 0 if the iteration ends there. Let
 * {@code S(x) = sum(w * (max(0, longest - x) - max(0, shortest - x)))} over all spans
 * added, with their weights {@code w}: the time during which an event that became ready
 * had to wait for longer than {@code x}. {@code S(x) / T} is then the probability of a
 * lag above {@code x} over the window {@code T}.
 * <p>
 * {@code S} is linear between bends, one at the longest and one at the shortest wait of
 * each span, so that every percentile is found exactly in one pass from the longest wait
 * down.
 * <p>
 * Not thread-safe.
 */
final class LagDistribution {

	/**
	 * Weights of waits that are known to a bucket. Those at which spans end count
	 * negative.
	 */
	private final double[] buckets = new double[DurationBuckets.COUNT];

	/** Those of them that are not 0: few of many. */
	private final BitSet used = new BitSet(DurationBuckets.COUNT);

	/** The bends of waits that are known exactly. */
	private Bend[] bends = new Bend[8];

	private int bendCount;

	private boolean sorted = true;

	/** The longest wait among the bends; that of the buckets is the last used. */
	private long longestBend;

	private double windowNanos;

	/**
	 * Add a span in which the wait falls evenly.
	 * @param shortest the wait at its end, in nanoseconds
	 * @param longest the wait at its beginning, in nanoseconds
	 * @param weight how much it counts, 1 for a span of the only loop
	 */
	void add(long shortest, long longest, double weight) {
		if (weight > 0 && longest > shortest) {
			bend(longest, weight);
			if (shortest > 0) {
				bend(shortest, -weight);
			}
		}
	}

	/**
	 * Add a span to the precision of the buckets, in which there is room for any number.
	 * @param shortest the wait at its end, in nanoseconds
	 * @param longest the wait at its beginning, in nanoseconds
	 * @param weight how much it counts
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
	 * Add whole iterations by their bucket.
	 * @param bucket the bucket of their lengths
	 * @param weight how much they count together
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
	 * Add time in which all events that became ready waited equally long: {@code S} falls
	 * by all of it at once.
	 * @param nanos how long they waited, more than 0
	 * @param duration the time in nanoseconds
	 */
	void addStep(long nanos, double duration) {
		add(nanos - 1, nanos, duration);
	}

	private void bend(long nanos, double weight) {
		if (this.bendCount == this.bends.length) {
			this.bends = Arrays.copyOf(this.bends, 2 * this.bendCount);
		}
		this.bends[this.bendCount++] = new Bend(nanos, weight);
		this.longestBend = Math.max(this.longestBend, nanos);
		this.sorted = false;
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
		long longest = longest();
		if (this.windowNanos <= 0 || longest == 0) {
			return Lag.NONE;
		}
		double squares = 0;
		for (int i = this.used.nextSetBit(0); i >= 0; i = this.used.nextSetBit(i + 1)) {
			double middle = DurationBuckets.middleOf(i);
			squares += this.buckets[i] * middle * middle;
		}
		for (int i = 0; i < this.bendCount; i++) {
			double nanos = this.bends[i].nanos;
			squares += this.bends[i].weight * nanos * nanos;
		}
		long mean = Math.min(longest, Math.round(Math.max(0, squares) / 2 / this.windowNanos));
		// From the highest down, for the descent does not go back.
		Descent descent = new Descent();
		long p99 = descent.lagExceededFor(0.01 * this.windowNanos);
		long p90 = descent.lagExceededFor(0.1 * this.windowNanos);
		long p50 = descent.lagExceededFor(0.5 * this.windowNanos);
		return new Lag(mean, p50, p90, p99, longest);
	}

	private long longest() {
		int buckets = this.used.length();
		return Math.max(this.longestBend, (buckets > 0) ? DurationBuckets.middleOf(buckets - 1) : 0);
	}

	/**
	 * Return the time during which an event that became ready had to wait at all.
	 * @return the time in nanoseconds
	 */
	double totalNanos() {
		double total = 0;
		for (int i = this.used.nextSetBit(0); i >= 0; i = this.used.nextSetBit(i + 1)) {
			total += this.buckets[i] * DurationBuckets.middleOf(i);
		}
		for (int i = 0; i < this.bendCount; i++) {
			total += this.bends[i].weight * this.bends[i].nanos;
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

	/**
	 * Return what was added, and forget it.
	 * @return what {@link #add(Part)} adds again
	 */
	Part take() {
		mergeBends();
		char[] used = new char[this.used.cardinality()];
		float[] weights = new float[used.length];
		int next = 0;
		for (int i = this.used.nextSetBit(0); i >= 0; i = this.used.nextSetBit(i + 1)) {
			used[next] = (char) i;
			weights[next++] = (float) this.buckets[i];
		}
		Part part = new Part(used, weights, Arrays.copyOf(this.bends, this.bendCount), this.windowNanos);
		clear();
		return part;
	}

	/** One for each wait is enough. */
	private void mergeBends() {
		sortBends();
		int merged = 0;
		for (int i = 0; i < this.bendCount; i++) {
			Bend bend = this.bends[i];
			if (merged > 0 && this.bends[merged - 1].nanos == bend.nanos) {
				this.bends[merged - 1] = new Bend(bend.nanos, this.bends[merged - 1].weight + bend.weight);
			}
			else {
				this.bends[merged++] = bend;
			}
		}
		Arrays.fill(this.bends, merged, this.bendCount, null);
		this.bendCount = merged;
	}

	/** The longest first. */
	private void sortBends() {
		if (!this.sorted) {
			Arrays.sort(this.bends, 0, this.bendCount, (one, other) -> Long.compare(other.nanos, one.nanos));
			this.sorted = true;
		}
	}

	/**
	 * Add what was taken from another distribution.
	 * @param part what was taken
	 */
	void add(Part part) {
		for (int i = 0; i < part.buckets.length; i++) {
			addToBucket(part.buckets[i], part.weights[i]);
		}
		for (Bend bend : part.bends) {
			bend(bend.nanos, bend.weight);
		}
		this.windowNanos += part.windowNanos;
	}

	/** Forget everything. */
	void clear() {
		for (int i = this.used.nextSetBit(0); i >= 0; i = this.used.nextSetBit(i + 1)) {
			this.buckets[i] = 0;
		}
		this.used.clear();
		Arrays.fill(this.bends, 0, this.bendCount, null);
		this.bendCount = 0;
		this.sorted = true;
		this.longestBend = 0;
		this.windowNanos = 0;
	}

	/**
	 * Where the slope of {@code S} changes, and by how much.
	 */
	private record Bend(long nanos, double weight) {
	}

	/**
	 * A distribution to be added to another. Immutable.
	 *
	 * @param buckets those that are used, lowest first, in two bytes each
	 * @param weights the weight of each, as {@code float}: each loop keeps two parts
	 * @param bends those of waits that are known exactly, longest first
	 * @param windowNanos the length of the window
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
	record Part(char[] buckets, float[] weights, Bend[] bends, double windowNanos) {
	}

	/** Walks {@code S} from the longest wait down. */
	private final class Descent {

		private int nextBucket = LagDistribution.this.used.length() - 1;

		private int nextBend;

		private double count;

		private double sum;

		private final long longest = longest();

		Descent() {
			sortBends();
		}

		/**
		 * Return the {@code x} for which {@code S(x)} is as given, or 0 if there is none.
		 * @param nanos the value of {@code S}, not less than at the call before
		 */
		long lagExceededFor(double nanos) {
			LagDistribution all = LagDistribution.this;
			while (this.nextBucket >= 0 || this.nextBend < all.bendCount) {
				long bucket = (this.nextBucket >= 0) ? DurationBuckets.middleOf(this.nextBucket) : -1;
				boolean bend = this.nextBend < all.bendCount && all.bends[this.nextBend].nanos >= bucket;
				double length = bend ? all.bends[this.nextBend].nanos : bucket;
				// S at this length: where it reaches the target, the answer lies above.
				if (this.sum - this.count * length >= nanos) {
					return answer(nanos);
				}
				double weight = bend ? all.bends[this.nextBend++].weight : all.buckets[this.nextBucket];
				this.count += weight;
				this.sum += weight * length;
				if (!bend) {
					this.nextBucket = all.used.previousSetBit(this.nextBucket - 1);
				}
			}
			return (this.sum >= nanos) ? answer(nanos) : 0;
		}

		private long answer(double nanos) {
			if (this.count <= 0) {
				return this.longest;
			}
			return Math.max(0, Math.min(this.longest, Math.round((this.sum - nanos) / this.count)));
		}

	}

}
