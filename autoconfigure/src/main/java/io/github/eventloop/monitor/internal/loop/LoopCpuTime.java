package io.github.eventloop.monitor.internal.loop;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.internal.thread.ThreadCpuClock;
import io.github.eventloop.monitor.internal.thread.VirtualThreads;

/**
 * CPU time of the thread of one loop. Reading it is a system call. While the loop does
 * next to nothing, its thread cannot have used more CPU time than that, so that the last
 * value still applies, and what the thread has used is part of a later one.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
final class LoopCpuTime {

	/** Active time that is too short to show: a ten-thousandth of a second's CPU. */
	private static final long NEGLIGIBLE_NANOS = 100_000;

	/**
	 * Iterations whose waits use too little CPU time to show: falling asleep and waking
	 * up takes some microseconds.
	 */
	private static final long FEW_ITERATIONS = 8;

	private final IsolatedLoop loop;

	private final ThreadCpuClock clock;

	private @Nullable Thread thread;

	/** The last value, or -1 if it is unknown. */
	private long nanos;

	/** The active time and the iterations of the loop at the last value. */
	private long activeNanos;

	private long iterations;

	/** The value at the start of the slice in progress. */
	private long baseNanos;

	LoopCpuTime(IsolatedLoop loop, ThreadCpuClock clock) {
		this.loop = loop;
		this.clock = clock;
	}

	/**
	 * Return the CPU time since the thread started.
	 * @param reading the current reading of the loop
	 * @return the time in nanoseconds, 0 if there is no thread, or -1 if it is unknown
	 */
	long nanos(LoopReading reading) {
		boolean negligible = reading.activeNanos() - this.activeNanos < NEGLIGIBLE_NANOS
				&& reading.iterations() - this.iterations < FEW_ITERATIONS;
		// Of an external loop, only the probes are recorded.
		if (!negligible || this.loop.isApproximate() || this.loop.view().thread() != this.thread) {
			this.activeNanos = reading.activeNanos();
			this.iterations = reading.iterations();
			read();
		}
		return this.nanos;
	}

	private void read() {
		Thread current = this.loop.view().thread();
		this.nanos = (current != null) ? this.clock.nanosOf(current) : 0;
		if (current != this.thread) {
			// A suspended loop resumes with another thread. The CPU time that the thread
			// of an external loop used before it was found is not counted.
			this.thread = current;
			this.baseNanos = this.loop.isApproximate() ? Math.max(0, this.nanos) : 0;
		}
	}

	/** Read the CPU time of the thread of an external loop that has just been found. */
	void findThread() {
		if (this.loop.isApproximate() && this.loop.view().thread() != this.thread) {
			read();
		}
	}

	/**
	 * Return whether the thread is virtual. The JVM does not report its CPU time.
	 */
	boolean isOfVirtualThread() {
		Thread current = this.loop.view().thread();
		return current != null && VirtualThreads.isVirtual(current);
	}

	/**
	 * Return how much of a CPU time is part of the slice in progress.
	 * @param nanos the CPU time
	 * @return the time since the start of the slice in nanoseconds
	 */
	long sinceBase(long nanos) {
		return Math.max(0, nanos - this.baseNanos);
	}

	/**
	 * Start the next slice.
	 * @param nanos the CPU time at the end of the last one
	 */
	void startNext(long nanos) {
		this.baseNanos = Math.max(this.baseNanos, nanos);
	}

}
