package io.github.eventloop.monitor.internal.lag;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

/**
 * Activity of a loop between two readings. The few lengths that are not those of
 * iterations are kept individually: pauses during which the loop was idle, and the
 * iteration in progress at the end. So is the iteration in progress at the beginning.
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
 * @param iterations the iterations that ended in this slice
 * @param unseen the time between probes that the waits of probes stand for, in
 * nanoseconds; empty if the loop records itself
 * @param crossing the iteration among them that was in progress at the beginning, or
 * {@code null} if there was none or it has not ended
 * @param pauses the lengths of the pauses during which the loop was idle
 * @param pauseNanos the sum of these pauses
 * @param reading the reading at the end
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
public record Slice(long endNanos, long durationNanos, long activeNanos, long idleNanos, boolean cpuKnown,
		long cpuTotalNanos, long cpuNanos, double weight, Histogram iterations, SparseHistogram unseen,
		@Nullable LongIteration crossing, long[] pauses, long pauseNanos, LoopReading reading) {

	/** The reading of a loop that has not started yet. */
	static final LoopReading START = new LoopReading(0, false, 0, 0, 0, 0, 0, 0, 0, 0);

	/**
	 * Return the time between probes that their waits stand for.
	 * @param waits the waits of the probes
	 * @param gapNanos the gap between two probes
	 * @return the time in nanoseconds by the length of the wait
	 */
	public static SparseHistogram unseen(SparseHistogram waits, double gapNanos) {
		SparseHistogram.Builder unseen = new SparseHistogram.Builder();
		for (SparseHistogram.Cursor each = waits.cursor(); each.next();) {
			long nanos = DurationBuckets.middleOf(each.bucket());
			if (nanos > 0) {
				unseen.add(each.bucket(), Math.round(each.count() * ((nanos > gapNanos) ? gapNanos / 2 : gapNanos)));
			}
		}
		return unseen.build();
	}

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
		handled.add(this.iterations, weight);
		addOthers(handled, weight);
	}

	/**
	 * Add the waits of these events, and the length of this slice, to two distributions.
	 * @param loop the distribution of the loop
	 * @param all the distribution of all loops
	 */
	void addTo(LagDistribution loop, LagDistribution all) {
		LagDistribution.add(this.iterations, loop, all, this.weight);
		addOthers(loop, 1);
		addOthers(all, this.weight);
		loop.addWindow(this.durationNanos, 1);
		all.addWindow(this.durationNanos, this.weight);
	}

	private void addOthers(LagDistribution distribution, double weight) {
		distribution.addSteps(this.unseen, weight);
		for (long nanos : this.pauses) {
			distribution.addRounded(0, nanos, weight);
		}
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
				this.cpuNanos, this.weight, this.iterations, this.unseen, this.crossing, this.pauses, this.pauseNanos,
				START);
	}

	/** Return the share of a span. Time before the start of a loop counts as idle. */
	public static double share(long nanos, long spanNanos) {
		return (spanNanos > 0) ? Math.max(0, Math.min(1, (double) nanos / spanNanos)) : 0;
	}

}
