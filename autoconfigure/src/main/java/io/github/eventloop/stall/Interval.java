package io.github.eventloop.stall;

import org.jspecify.annotations.Nullable;

/**
 * A part of a stall that one sample stands for: the time since the sample before, or the
 * time after the last one. Immutable.
 * <p>
 * The CPU time is known between two samples, but not exactly at the ends of a stall,
 * which are not sampled: therefore it has a lower and an upper bound.
 *
 * @param from when it began, as {@link System#nanoTime()}
 * @param to when it ended
 * @param seen what the thread was doing when it was sampled; {@code null} if the stall
 * was over before the first sample
 * @param frames the frames of the sample, innermost first; the same array for equal
 * samples
 * @param lockOwner the owner of the lock that the thread waited for, or {@code null}
 * @param leastCpuNanos the CPU time that the thread used at least
 * @param mostCpuNanos the CPU time that it used at most
 * @param queuedNanos the time that it was ready to run but waited for a CPU at most; -1
 * if it is not known
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Interval(long from, long to, @Nullable StallCause seen, StackTraceElement[] frames,
		@Nullable LockOwner lockOwner, long leastCpuNanos, long mostCpuNanos, long queuedNanos) {

	long nanos() {
		return Math.max(0, this.to - this.from);
	}

	/**
	 * Return whether the sample is evidence of a wait of its own: Java itself or a native
	 * method that is known to block says what the thread waits for.
	 * @return whether it is
	 */
	boolean isWait() {
		return this.seen == StallCause.BLOCKING_IO || this.seen == StallCause.SLEEPING
				|| this.seen == StallCause.WAITING || this.seen == StallCause.LOCK;
	}

}
