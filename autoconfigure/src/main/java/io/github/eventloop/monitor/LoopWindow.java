package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * The slices of one loop that have ended and that the window reaches back over.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
final class LoopWindow {

	private final long nanos;

	private final Deque<Slice> slices = new ArrayDeque<>();

	/**
	 * The last sum, until another slice ends or the oldest is left behind: readers
	 * between two seconds share the work.
	 */
	private @Nullable Sum sum;

	LoopWindow(Duration length) {
		this.nanos = length.toNanos();
	}

	/**
	 * Add a slice that has ended.
	 * @param slice the slice, without its reading: an iteration in progress at its end
	 * counts in the slice in which it ends
	 */
	void add(Slice slice) {
		this.slices.addLast(slice);
		while (!isReached(this.slices.getFirst(), slice.endNanos())) {
			this.slices.removeFirst();
		}
		this.sum = null;
	}

	private boolean isReached(Slice slice, long now) {
		return now - slice.endNanos() < this.nanos;
	}

	/**
	 * Return what the loop did in the part of the window that has ended.
	 * @param now when the window ends
	 * @param liveStart when the slice began that has not ended
	 * @param ofLoop scratch space, which is left clear
	 * @param ofAll more of it, which is left clear
	 * @return the sum
	 */
	Sum sum(long now, long liveStart, LagDistribution ofLoop, LagDistribution ofAll) {
		long start = start(now, liveStart);
		Sum known = this.sum;
		if (known != null && known.startNanos == start) {
			return known;
		}
		ofLoop.clear();
		ofAll.clear();
		long activeNanos = 0;
		long cpuNanos = 0;
		boolean cpuKnown = true;
		for (Slice slice : this.slices) {
			long limitNanos = slice.endNanos() - start;
			if (limitNanos > 0) {
				boolean first = limitNanos == slice.durationNanos();
				(first ? slice.withoutWhatWasBefore() : slice).addTo(ofLoop, ofAll, limitNanos);
				activeNanos += slice.activeNanos();
				cpuNanos += slice.cpuNanos();
				cpuKnown &= slice.cpuKnown();
			}
		}
		Sum sum = new Sum(start, ofLoop.take(), ofAll.take(), activeNanos, cpuNanos, cpuKnown);
		this.sum = sum;
		return sum;
	}

	/**
	 * The window begins with a slice, the one in progress if it reaches back to no other.
	 */
	private long start(long now, long liveStart) {
		for (Slice slice : this.slices) {
			if (isReached(slice, now)) {
				return slice.startNanos();
			}
		}
		return liveStart;
	}

	/**
	 * What the slices add up to.
	 *
	 * @param startNanos when the window begins
	 * @param ofLoop the distribution of the loop
	 * @param ofAll its part of that of all loops, weighted as the loop was in each second
	 * @param activeNanos how long the loop was active
	 * @param cpuNanos how long its thread had a CPU
	 * @param cpuKnown whether that is known
	 */
	record Sum(long startNanos, LagDistribution.Part ofLoop, LagDistribution.Part ofAll, long activeNanos,
			long cpuNanos, boolean cpuKnown) {
	}

}
