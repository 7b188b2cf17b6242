package io.github.eventloop.stall.internal.sample;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.LockOwner;
import io.github.eventloop.stall.StallCause;

/**
 * The part of a stall that one sample accounts for: the time since the previous sample,
 * or the time after the last one. Immutable.
 * <p>
 * The CPU time is exact between two samples, but not at the start and the end of a stall,
 * which are not sampled: therefore it has a lower and an upper bound.
 *
 * @param from the start, as {@link System#nanoTime()}
 * @param to the end, as {@link System#nanoTime()}
 * @param sampledCause what the thread was doing when it was sampled; {@code null} if the
 * stall ended before the first sample
 * @param frames the frames of the sample, innermost first; the same array for equal
 * samples
 * @param lockOwner the owner of the lock that the thread waited for, or {@code null}
 * @param minCpuNanos the lower bound of the CPU time of the thread
 * @param maxCpuNanos the upper bound of the CPU time of the thread
 * @param queuedNanos the upper bound of the time that the thread was ready to run but
 * waited for a CPU; -1 if it is not known
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Interval(long from, long to, @Nullable StallCause sampledCause, StackTraceElement[] frames,
		@Nullable LockOwner lockOwner, long minCpuNanos, long maxCpuNanos, long queuedNanos) {

	public long nanos() {
		return Math.max(0, this.to - this.from);
	}

	/**
	 * Return whether the sample alone shows that the thread waits: by its Java thread
	 * state, or by a native method that is known to block.
	 * @return whether the thread waits
	 */
	public boolean isWait() {
		return this.sampledCause == StallCause.BLOCKING_IO || this.sampledCause == StallCause.SLEEPING
				|| this.sampledCause == StallCause.WAITING || this.sampledCause == StallCause.LOCK;
	}

}
