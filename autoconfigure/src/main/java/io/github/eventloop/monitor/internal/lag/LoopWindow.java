package io.github.eventloop.monitor.internal.lag;

import java.util.ArrayList;
import java.util.List;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LongIteration;

/**
 * Ended slices of one loop in the window.
 * <p>
 * This class defines how an iteration counts that is only partly in the window. Only
 * events that become ready in the window count. If the iteration has <b>ended</b>, each
 * of them waits until its end, so that an iteration that started before the window counts
 * with its remaining part. If it is <b>in progress</b>, it counts with its full age:
 * events wait until now, and if the iteration started before the window, longer by the
 * time between its start and that of the window.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
public final class LoopWindow {

	/** Oldest first. */
	private final List<Slice> slices = new ArrayList<>();

	/**
	 * Add a slice that has ended.
	 * @param slice the slice, without its reading: an iteration in progress at its end
	 * counts in the slice in which it ends
	 * @param number the number of slices to keep, the newest ones
	 */
	public void keep(Slice slice, int number) {
		this.slices.add(slice);
		while (this.slices.size() > number) {
			this.slices.remove(0);
		}
	}

	/**
	 * Return the sum of the newest ended slices.
	 * @param number the number of slices; all if there are fewer
	 * @param liveStart the start of the slice in progress
	 * @param ofLoop receives the distribution of the loop, cleared
	 * @param ofAll receives the distribution of all loops
	 * @return the sum
	 */
	public Sum sum(int number, long liveStart, LagDistribution ofLoop, LagDistribution ofAll) {
		int first = Math.max(0, this.slices.size() - number);
		long start = (first < this.slices.size()) ? this.slices.get(first).startNanos() : liveStart;
		long activeNanos = 0;
		long cpuNanos = 0;
		boolean cpuKnown = true;
		for (int i = first; i < this.slices.size(); i++) {
			Slice slice = this.slices.get(i);
			addEnded(slice, i, start, ofLoop, ofAll);
			activeNanos += slice.activeNanos();
			cpuNanos += slice.cpuNanos();
			cpuKnown &= slice.cpuKnown();
		}
		return new Sum(start, liveStart - start, ofLoop.iterations(), ofLoop.steps(), activeNanos, cpuNanos, cpuKnown);
	}

	/**
	 * Add the slice in progress, with its iteration in progress.
	 * @param live the slice
	 * @param start the start of the window
	 * @param ofLoop the distribution of the loop
	 * @param ofAll the distribution of all loops
	 */
	public void addLive(Slice live, long start, LagDistribution ofLoop, LagDistribution ofAll) {
		addEnded(live, this.slices.size(), start, ofLoop, ofAll);
		long now = live.reading().at();
		long startedAt = now - live.reading().busyNanos();
		long from = later(startedAt, start);
		addPart(from, now, now + (from - startedAt), live, this.slices.size(), ofLoop::add, ofAll::add);
	}

	private void addEnded(Slice slice, int older, long start, LagDistribution ofLoop, LagDistribution ofAll) {
		slice.addTo(ofLoop, ofAll);
		LongIteration crossing = slice.crossing();
		if (crossing != null) {
			// Replace the whole iteration with the part of it that is in the window.
			ofLoop.addRounded(0, crossing.nanos(), -1);
			ofAll.addRounded(0, crossing.nanos(), -slice.weight());
			addPart(later(crossing.startedAt(), start), crossing.endedAt(), crossing.endedAt(), slice, older,
					ofLoop::addRounded, ofAll::addRounded);
		}
	}

	/**
	 * Add the events that become ready in a part of an iteration and wait until the same
	 * instant, with the weight of the loop in the slice in which they become ready.
	 * @param from the start of the part, not before that of the window
	 * @param to the end of the part
	 * @param until the instant until which the events wait
	 * @param last the slice in which the part ends
	 * @param older the number of ended slices before that slice
	 * @param loop receives the span of the loop
	 * @param all receives the spans of the loop among all loops
	 */
	private void addPart(long from, long to, long until, Slice last, int older, Spans loop, Spans all) {
		loop.add(until - to, until - from, 1);
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
	 * Sum of the ended slices in the window.
	 *
	 * @param startNanos the start of the window
	 * @param durationNanos the length of these slices
	 * @param iterations the iterations by length; a part counts 1 at its longest wait
	 * and, if it does not end at 0, -1 at its shortest
	 * @param unseen the time between probes that the waits of probes stand for
	 * @param activeNanos the time that the loop was active
	 * @param cpuNanos the CPU time of its thread
	 * @param cpuKnown whether the CPU time is known
	 */
	public record Sum(long startNanos, long durationNanos, SparseHistogram iterations, SparseHistogram unseen,
			long activeNanos, long cpuNanos, boolean cpuKnown) {

		/**
		 * Add the waits in these slices to the distribution of the loop.
		 * @param distribution the distribution to add to
		 */
		public void addTo(LagDistribution distribution) {
			distribution.add(this.iterations, 1);
			distribution.addSteps(this.unseen, 1);
			distribution.addWindow(this.durationNanos, 1);
		}

	}

}
