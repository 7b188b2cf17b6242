package io.github.eventloop.monitor.internal.lag;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

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

	private final long nanos;

	/** Oldest first. */
	private final List<Slice> slices = new ArrayList<>();

	/**
	 * The last sum, cached until another slice ends or the oldest leaves the window, so
	 * that readers within a second share it.
	 */
	private @Nullable Sum sum;

	public LoopWindow(Duration length) {
		this.nanos = length.toNanos();
	}

	/**
	 * Add a slice that has ended.
	 * @param slice the slice, without its reading: an iteration in progress at its end
	 * counts in the slice in which it ends
	 */
	public void keep(Slice slice) {
		this.slices.add(slice);
		while (!isInWindow(this.slices.get(0), slice.endNanos())) {
			this.slices.remove(0);
		}
		this.sum = null;
	}

	private boolean isInWindow(Slice slice, long now) {
		return now - slice.endNanos() < this.nanos;
	}

	/**
	 * Return the sum of the ended slices in the window.
	 * @param now the end of the window
	 * @param liveStart the start of the slice in progress
	 * @param ofLoop a scratch buffer, cleared on return
	 * @param ofAll another scratch buffer, cleared on return
	 * @return the sum
	 */
	public Sum sum(long now, long liveStart, LagDistribution ofLoop, LagDistribution ofAll) {
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
	 * Return the start of the window: that of its oldest slice, which is the one in
	 * progress if it contains no other.
	 */
	private long start(long now, long liveStart) {
		for (Slice slice : this.slices) {
			if (isInWindow(slice, now)) {
				return slice.startNanos();
			}
		}
		return liveStart;
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
	 * Add the events that become ready in a period and wait until the same instant, with
	 * the weight of the loop in the slice in which they become ready.
	 * @param from the start of the period, not before that of the window
	 * @param to the end of the period
	 * @param until the instant until which the events wait
	 * @param last the slice in which the period ends
	 * @param older the number of ended slices before that slice
	 * @param all receives the spans
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
	 * Sum of slices.
	 *
	 * @param startNanos the start of the window
	 * @param ofLoop the distribution of the loop
	 * @param ofAll the loop's part of the distribution of all loops, with its weight in
	 * each second
	 * @param activeNanos the time that the loop was active
	 * @param cpuNanos the CPU time of its thread
	 * @param cpuKnown whether the CPU time is known
	 */
	public record Sum(long startNanos, LagDistribution.Part ofLoop, LagDistribution.Part ofAll, long activeNanos,
			long cpuNanos, boolean cpuKnown) {
	}

}
