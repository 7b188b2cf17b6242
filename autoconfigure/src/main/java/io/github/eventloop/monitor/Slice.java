package io.github.eventloop.monitor;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LoopRecorder.Reading;

/**
 * What a loop did between two readings. Lengths other than those of iterations that ended
 * are few, and kept as they are: pauses that the loop slept through, the iteration that
 * was in progress at the beginning, and the one in progress at the end.
 * <p>
 * Where all that is known are the waits of tasks sent to the loop, the gaps between them
 * are made up for. A time that the loop is busy, shorter than the gap, is met by few of
 * these tasks: one that met it stands for the gap. One longer than the gap is met for
 * certain, after half of the gap on average, which the wait leaves out.
 *
 * @param endNanos the instant at which it ended
 * @param durationNanos how long it was
 * @param activeNanos how long the loop was active
 * @param idleNanos how long it waited
 * @param cpuKnown whether the CPU time of its thread is known
 * @param cpuTotalNanos that time, since the thread started
 * @param cpuNanos its part in this slice
 * @param weight how much the loop counts among all loops in this slice
 * @param iterations the iterations that began and ended in it
 * @param crossing the iteration that was in progress when it began, or {@code null} if
 * there was none or it has not ended
 * @param others the lengths of the pauses that the loop slept through
 * @param pauseNanos all of them together
 * @param gapNanos the gap between two tasks sent to the loop, or 0 if the loop records
 * what it does
 * @param reading the reading at the end
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
record Slice(long endNanos, long durationNanos, long activeNanos, long idleNanos, boolean cpuKnown, long cpuTotalNanos,
		long cpuNanos, double weight, BucketCounts iterations, @Nullable LongIteration crossing, long[] others,
		long pauseNanos, double gapNanos, Reading reading) {

	long startNanos() {
		return this.endNanos - this.durationNanos;
	}

	/**
	 * Add what events met that the loop got to in this slice, whenever they became ready:
	 * an iteration counts as a whole in the slice in which it ends.
	 * @param handled the distribution to add to
	 * @param weight how much the loop counts
	 */
	void addHandledTo(LagDistribution handled, double weight) {
		for (BucketCounts.Cursor each = this.iterations.cursor(); each.next();) {
			add(each, handled, weight);
		}
		addOthers(handled, weight);
		if (this.crossing != null) {
			handled.addRounded(0, this.crossing.nanos(), weight);
			addUnseen(this.crossing.nanos(), handled, weight);
		}
	}

	/**
	 * Add what events met that became ready in this slice, except in the iterations that
	 * cross its edges, to the distribution of its loop and to that of all loops: in one
	 * go, for this is what a snapshot of busy loops spends its time on.
	 * @param loop the one
	 * @param all the other
	 */
	void addTo(LagDistribution loop, LagDistribution all) {
		for (BucketCounts.Cursor each = this.iterations.cursor(); each.next();) {
			add(each, loop, 1);
			add(each, all, this.weight);
		}
		addOthers(loop, 1);
		addOthers(all, this.weight);
		if (this.crossing != null) {
			addUnseen(this.crossing.nanos(), loop, 1);
			addUnseen(this.crossing.nanos(), all, this.weight);
		}
		loop.addWindow(this.durationNanos, 1);
		all.addWindow(this.durationNanos, this.weight);
	}

	private void add(BucketCounts.Cursor each, LagDistribution distribution, double weight) {
		distribution.addBucket(each.bucket(), weight * each.number());
		addUnseen(DurationBuckets.middleOf(each.bucket()), distribution, weight * each.number());
	}

	private void addUnseen(long nanos, LagDistribution distribution, double weight) {
		double unseenNanos = unseenNanos(nanos);
		if (unseenNanos > 0) {
			distribution.addStep(nanos, weight * unseenNanos);
		}
	}

	private void addOthers(LagDistribution distribution, double weight) {
		for (long nanos : this.others) {
			distribution.addRounded(0, nanos, weight);
		}
	}

	/** Return the time that nobody has looked at and an iteration stands for. */
	private double unseenNanos(long nanos) {
		if (nanos == 0 || this.gapNanos == 0) {
			return 0;
		}
		return (nanos > this.gapNanos) ? this.gapNanos / 2 : this.gapNanos;
	}

	/** Return how much of the idle time is taken for such. */
	double unseenNanos() {
		double nanos = (this.crossing != null) ? unseenNanos(this.crossing.nanos()) : 0;
		for (BucketCounts.Cursor each = this.iterations.cursor(); this.gapNanos > 0 && each.next();) {
			nanos += unseenNanos(DurationBuckets.middleOf(each.bucket())) * each.number();
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
	 * progress at its end, which crosses the beginning of the next.
	 */
	Slice withoutReading() {
		return new Slice(this.endNanos, this.durationNanos, this.activeNanos, this.idleNanos, this.cpuKnown, 0,
				this.cpuNanos, this.weight, this.iterations, this.crossing, this.others, this.pauseNanos, this.gapNanos,
				Reading.ZERO);
	}

	/** Return a part of a span: time before a loop was started is idle time too. */
	static double share(long nanos, long spanNanos) {
		return (spanNanos > 0) ? Math.max(0, Math.min(1, (double) nanos / spanNanos)) : 0;
	}

}
