package io.github.eventloop.stall.internal.sample;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.LockOwner;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallDetector;

/**
 * The time that each sample of one stall accounts for, with the usage of the thread in
 * it.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
public final class UsageIntervals {

	/** The usage before the stall. */
	private final Baseline baseline;

	/** In order of time. */
	private final List<Interval> intervals = new ArrayList<>();

	/** The time of the last sample, or the start of the stall. */
	private long lastSampleAt;

	/** The usage of the thread at the last sample, or at the baseline. */
	private ThreadUsage usage;

	/**
	 * Create an instance without intervals.
	 * @param startedAt when the stall started, as {@link System#nanoTime()}
	 * @param baseline the usage before the stall
	 */
	public UsageIntervals(long startedAt, Baseline baseline) {
		this.baseline = baseline;
		this.lastSampleAt = startedAt;
		this.usage = baseline.usage();
	}

	/**
	 * Add the time since the previous sample.
	 * @param sample the sample
	 * @param stack its frames
	 * @param usage the usage of the thread at the sample
	 */
	public void add(Sample sample, StackTraceElement[] stack, ThreadUsage usage) {
		this.intervals.add(interval(sample.at(), sample.cause(), stack, sample.lockOwner(), usage, sample.at()));
		this.lastSampleAt = sample.at();
		this.usage = usage;
	}

	/**
	 * Add the time from the last sample to the end of the stall.
	 * @param endedAt the end, as {@link System#nanoTime()}
	 * @param usage the current usage of the thread
	 * @param now the current instant
	 */
	public void end(long endedAt, ThreadUsage usage, long now) {
		if (sinceLastSample(endedAt) > 0) {
			Interval last = this.intervals.isEmpty() ? null : last();
			this.intervals.add(
					(last != null) ? interval(endedAt, last.sampledCause(), last.frames(), last.lockOwner(), usage, now)
							: interval(endedAt, null, new StackTraceElement[0], null, usage, now));
		}
	}

	/**
	 * Compute the bounds of the usage since the last sample. For the first sample, part
	 * of the usage may precede the stall; for a reading after the end, part may follow
	 * it.
	 */
	private Interval interval(long to, @Nullable StallCause sampledCause, StackTraceElement[] stack,
			@Nullable LockOwner lockOwner, ThreadUsage usage, long readAt) {
		long nanos = Math.max(0, sinceLastSample(to));
		boolean first = this.intervals.isEmpty();
		long outside = Math.max(0, readAt - to) + (first ? this.baseline.activeBeforeNanos() : 0);
		long missed = first ? this.baseline.missedNanos() : 0;
		long cpu = usage.cpuNanos() - this.usage.cpuNanos();
		boolean cpuKnown = usage.cpuNanos() >= 0 && this.usage.cpuNanos() >= 0;
		long queued = usage.queuedNanos() - this.usage.queuedNanos();
		boolean queuedKnown = usage.queuedNanos() >= 0 && this.usage.queuedNanos() >= 0;
		return new Interval(this.lastSampleAt, to, sampledCause, stack, lockOwner,
				cpuKnown ? Math.max(0, Math.min(nanos, cpu - outside)) : 0,
				cpuKnown ? Math.max(0, Math.min(nanos, cpu + missed)) : nanos,
				queuedKnown ? Math.max(0, Math.min(nanos, queued + missed)) : -1);
	}

	/**
	 * Return the time since the last sample, or since the start of the stall.
	 * @param instant the end of that time
	 * @return the time, negative if the instant precedes the sample
	 */
	public long sinceLastSample(long instant) {
		return instant - this.lastSampleAt;
	}

	/**
	 * Return the last interval.
	 * @return the interval, which exists after the first sample
	 */
	public Interval last() {
		return this.intervals.get(this.intervals.size() - 1);
	}

	public List<Interval> toList() {
		return List.copyOf(this.intervals);
	}

}
