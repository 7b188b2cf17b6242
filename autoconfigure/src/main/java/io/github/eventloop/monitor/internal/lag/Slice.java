package io.github.eventloop.monitor.internal.lag;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

/**
 * Activity of a loop between two readings. The few lengths that are not those of complete
 * iterations are kept individually: pauses during which the loop was idle, the iteration
 * in progress at the beginning, and the one in progress at the end.
 * <p>
 * For an external loop, only the waits of probes are known, and the gaps between the
 * probes are compensated for. Few probes fall into a busy period shorter than the gap, so
 * each that does stands for the whole gap. A busy period longer than the gap always
 * delays a probe, on average half of the gap after its start, which the wait does not
 * include.
 *
 * @param endNanos the instant at which the slice ended
 * @param durationNanos the length of the slice
 * @param activeNanos the time that the loop was active
 * @param idleNanos the time that the loop was idle
 * @param cpuKnown whether the CPU time of its thread is known
 * @param cpuTotalNanos the CPU time since the thread started
 * @param cpuNanos the CPU time in this slice
 * @param weight the weight of the loop among all loops in this slice
 * @param iterations the iterations that started and ended in this slice
 * @param crossing the iteration that was in progress at the beginning, or {@code null} if
 * there was none or it has not ended
 * @param others the lengths of the pauses during which the loop was idle
 * @param pauseNanos the sum of these pauses
 * @param gapNanos the gap between two probes, or 0 if the loop records itself
 * @param reading the reading at the end
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
public record Slice(long endNanos, long durationNanos, long activeNanos, long idleNanos, boolean cpuKnown,
		long cpuTotalNanos, long cpuNanos, double weight, BucketCounts iterations, @Nullable LongIteration crossing,
		long[] others, long pauseNanos, double gapNanos, LoopReading reading) {

	/** The reading of a loop that has not started yet. */
	static final LoopReading START = new LoopReading(0, false, 0, 0, 0, 0, 0, 0, 0, 0);

	public long startNanos() {
		return this.endNanos - this.durationNanos;
	}

	/**
	 * Add the waits of the events that the loop handled in this slice, whenever they
	 * became ready: an iteration counts as a whole in the slice in which it ends.
	 * @param handled the distribution to add to
	 * @param weight the weight of the loop
	 */
	public void addHandledTo(LagDistribution handled, double weight) {
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
	 * Add the waits of the events that became ready in this slice, except in iterations
	 * that cross its edges, to two distributions in one pass, because a snapshot of busy
	 * loops spends most of its time here.
	 * @param loop the distribution of the loop
	 * @param all the distribution of all loops
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

	/** Return the time between probes that the wait of a probe stands for. */
	private double unseenNanos(long nanos) {
		if (nanos == 0 || this.gapNanos == 0) {
			return 0;
		}
		return (nanos > this.gapNanos) ? this.gapNanos / 2 : this.gapNanos;
	}

	/** Return the part of the idle time that the waits of all probes stand for. */
	public double unseenNanos() {
		double nanos = (this.crossing != null) ? unseenNanos(this.crossing.nanos()) : 0;
		for (BucketCounts.Cursor each = this.iterations.cursor(); this.gapNanos > 0 && each.next();) {
			nanos += unseenNanos(DurationBuckets.middleOf(each.bucket())) * each.number();
		}
		return nanos;
	}

	public double utilization() {
		return share(this.activeNanos, this.durationNanos);
	}

	public @Nullable Double cpuUtilization() {
		return this.cpuKnown ? Double.valueOf(share(this.cpuNanos, this.durationNanos)) : null;
	}

	/**
	 * Return the slice without the values that only the newest slice needs, and without
	 * the iteration in progress at its end, which crosses into the next slice.
	 */
	public Slice withoutReading() {
		return new Slice(this.endNanos, this.durationNanos, this.activeNanos, this.idleNanos, this.cpuKnown, 0,
				this.cpuNanos, this.weight, this.iterations, this.crossing, this.others, this.pauseNanos, this.gapNanos,
				START);
	}

	/** Return the share of a span. Time before the start of a loop counts as idle. */
	public static double share(long nanos, long spanNanos) {
		return (spanNanos > 0) ? Math.max(0, Math.min(1, (double) nanos / spanNanos)) : 0;
	}

}
