package io.github.eventloop.monitor;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LoopRecorder.Reading;

/**
 * What a loop did between two readings. Lengths other than those of iterations that ended
 * are few, and kept as they are: pauses that the loop slept through, and a part of an
 * iteration.
 * <p>
 * Where all that is known are the waits of tasks sent to the loop, the gaps between them
 * are made up for. A time that the loop is busy, shorter than the gap, is met by few of
 * these tasks: one that met it stands for the gap. One longer than the gap is met for
 * certain, after half of the gap on average, which the wait leaves out.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
record Slice(long endNanos, long durationNanos, long activeNanos, long idleNanos, boolean cpuKnown, long cpuTotalNanos,
		long cpuNanos, double weight, BucketCounts iterations, long[] others, long pauseNanos, double gapNanos,
		long beforeNanos, Reading reading) {

	long startNanos() {
		return this.endNanos - this.durationNanos;
	}

	/** Add what has ended to the distribution of its loop, as if it had no beginning. */
	void addIterationsTo(LagDistribution loop) {
		for (BucketCounts.Cursor each = this.iterations.cursor(); each.next();) {
			add(each, loop, 1, Long.MAX_VALUE);
		}
		addOthers(loop, 1, Long.MAX_VALUE);
	}

	/**
	 * Add it, with the iteration in progress at its end, to the distribution of its loop
	 * and to that of all loops: in one go, for this is what a snapshot of busy loops
	 * spends its time on.
	 * @param loop the one
	 * @param all the other
	 * @param limitNanos the part of the window until the end of the slice
	 */
	void addTo(LagDistribution loop, LagDistribution all, long limitNanos) {
		for (BucketCounts.Cursor each = this.iterations.cursor(); each.next();) {
			add(each, loop, 1, limitNanos);
			add(each, all, this.weight, limitNanos);
		}
		addOthers(loop, 1, limitNanos);
		addOthers(all, this.weight, limitNanos);
		loop.add(this.reading.busyNanos(), 1, limitNanos);
		all.add(this.reading.busyNanos(), this.weight, limitNanos);
		loop.addWindow(this.durationNanos, 1);
		all.addWindow(this.durationNanos, this.weight);
	}

	private void add(BucketCounts.Cursor each, LagDistribution distribution, double weight, long limitNanos) {
		distribution.addBucket(each.bucket(), weight * each.number(), limitNanos);
		double unseenNanos = unseenNanos(each);
		if (unseenNanos > 0) {
			distribution.addStep(DurationBuckets.middleOf(each.bucket()), weight * unseenNanos);
		}
	}

	private void addOthers(LagDistribution distribution, double weight, long limitNanos) {
		for (long nanos : this.others) {
			distribution.addBucket(DurationBuckets.indexOf(nanos), weight, limitNanos);
		}
	}

	/**
	 * Return the time that nobody has looked at and the iterations of a bucket stand for.
	 */
	private double unseenNanos(BucketCounts.Cursor iterations) {
		long nanos = DurationBuckets.middleOf(iterations.bucket());
		if (nanos == 0 || this.gapNanos == 0) {
			return 0;
		}
		return ((nanos > this.gapNanos) ? this.gapNanos / 2 : this.gapNanos) * iterations.number();
	}

	/** Return how much of the idle time is taken for such. */
	double unseenNanos() {
		double nanos = 0;
		for (BucketCounts.Cursor each = this.iterations.cursor(); this.gapNanos > 0 && each.next();) {
			nanos += unseenNanos(each);
		}
		return nanos;
	}

	double utilization() {
		return share(this.activeNanos, this.durationNanos);
	}

	@Nullable Double cpuUtilization() {
		return this.cpuKnown ? Double.valueOf(share(this.cpuNanos, this.durationNanos)) : null;
	}

	/**
	 * Return the slice without what only the newest needs, and without the iteration in
	 * progress at its end, which the slice in which it ends counts.
	 */
	Slice withoutReading() {
		return new Slice(this.endNanos, this.durationNanos, this.activeNanos, this.idleNanos, this.cpuKnown, 0,
				this.cpuNanos, this.weight, this.iterations, this.others, this.pauseNanos, this.gapNanos,
				this.beforeNanos, Reading.ZERO);
	}

	/**
	 * Return the slice for a window that begins with it. The iteration that was in
	 * progress then is shorter by what was before, in which nothing of the window became
	 * ready. Which of those that ended it was is not known: the shortest that it can have
	 * been.
	 */
	Slice withoutWhatWasBefore() {
		// The middle of a bucket may be below what fell into it.
		long shortest = this.beforeNanos - this.beforeNanos / 100;
		int bucket = (this.beforeNanos > 0) ? this.iterations.firstWithMiddleFrom(shortest) : -1;
		if (bucket < 0) {
			return this;
		}
		long[] others = Arrays.copyOf(this.others, this.others.length + 1);
		others[this.others.length] = Math.max(0, DurationBuckets.middleOf(bucket) - this.beforeNanos);
		return new Slice(this.endNanos, this.durationNanos, this.activeNanos, this.idleNanos, this.cpuKnown,
				this.cpuTotalNanos, this.cpuNanos, this.weight, this.iterations.withoutOneOf(bucket), others,
				this.pauseNanos, this.gapNanos, 0, this.reading);
	}

	/** Return a part of a span: time before a loop was started is idle time too. */
	static double share(long nanos, long spanNanos) {
		return (spanNanos > 0) ? Math.max(0, Math.min(1, (double) nanos / spanNanos)) : 0;
	}

}
