package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The slices of one loop that have ended and that the window reaches back over.
 * <p>
 * Here it is decided what an iteration counts that lies in the window only in part. What
 * counts are the events that become ready in the window. If the iteration has
 * <b>ended</b>, each of them waits until its end: one that began before the window counts
 * with its rest. If it is <b>in progress</b>, it counts with its age so far: events wait
 * until now, and where it began before the window, for as much longer as it began
 * earlier, so that its full age shows for as long as it lasts.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
final class LoopWindow {

	private final long nanos;

	/** The oldest first. */
	private final List<Slice> slices = new ArrayList<>();

	/**
	 * The last sum, until another slice ends or the oldest is left behind: readers
	 * between two seconds share the work.
	 */
	private @Nullable Sum sum;

	LoopWindow(Duration length) {
		this.nanos = length.toNanos();
	}

	/**
	 * Keep a slice that has ended.
	 * @param slice the slice, without its reading: an iteration in progress at its end
	 * counts in the slice in which it ends
	 */
	void keep(Slice slice) {
		this.slices.add(slice);
		while (!isReached(this.slices.get(0), slice.endNanos())) {
			this.slices.remove(0);
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
		for (int i = 0; i < this.slices.size(); i++) {
			Slice slice = this.slices.get(i);
			if (slice.endNanos() - start > 0) {
				addEnded(slice, i, start, ofLoop, ofAll);
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
	 * Add the slice that follows those that have ended, with the iteration in progress.
	 * @param live the slice
	 * @param start when the window begins
	 * @param ofLoop the distribution of the loop
	 * @param ofAll that of all loops
	 */
	void addLive(Slice live, long start, LagDistribution ofLoop, LagDistribution ofAll) {
		addEnded(live, this.slices.size(), start, ofLoop, ofAll);
		long now = live.reading().at();
		long startedAt = now - live.reading().busyNanos();
		long from = later(startedAt, start);
		long until = now + (from - startedAt);
		ofLoop.add(until - now, until - from, 1);
		addByWeight(from, now, until, live, this.slices.size(), ofAll::add);
	}

	private void addEnded(Slice slice, int older, long start, LagDistribution ofLoop, LagDistribution ofAll) {
		slice.addTo(ofLoop, ofAll);
		LongIteration crossing = slice.crossing();
		if (crossing != null) {
			long from = later(crossing.startedAt(), start);
			long until = crossing.endedAt();
			ofLoop.addRounded(0, until - from, 1);
			addByWeight(from, until, until, slice, older, ofAll::addRounded);
		}
	}

	/**
	 * Add the events that become ready in some time and wait until the same instant, by
	 * the weight of the loop in each of the slices that they become ready in.
	 * @param from when the time begins, not before the window does
	 * @param to when it ends
	 * @param until until when they wait
	 * @param last the slice in which the time ends
	 * @param older how many of those that have ended are older than that slice
	 * @param all where to add them
	 */
	private void addByWeight(long from, long to, long until, Slice last, int older, Spans all) {
		Slice slice = last;
		long end = to;
		for (int i = older; end - from > 0; i--) {
			long begin = (i > 0) ? later(from, slice.startNanos()) : from;
			all.add(until - end, until - begin, slice.weight());
			end = begin;
			slice = (i > 0) ? this.slices.get(i - 1) : slice;
		}
	}

	private static long later(long instant, long other) {
		return (instant - other > 0) ? instant : other;
	}

	private interface Spans {

		void add(long shortest, long longest, double weight);

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
