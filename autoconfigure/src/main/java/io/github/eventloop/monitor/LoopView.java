package io.github.eventloop.monitor;

import org.jspecify.annotations.Nullable;

/**
 * Read-only view of what an event loop does, as the loop recorded it or, for an external
 * loop, as probes found it. Everything that this library reports is computed from such
 * views, without any work on the loop. Not meant to be implemented by applications.
 * <p>
 * Thread-safe. {@link #read()} may wait for a loop that was preempted in the middle of a
 * change; all other methods are wait-free. No reader delays the loop.
 * <p>
 * All instants are {@link System#nanoTime()}.
 *
 * @since 0.1.0
 */
public interface LoopView {

	/**
	 * Return the loop's thread.
	 * @return the thread, or {@code null} if it was never started
	 */
	@Nullable Thread thread();

	/**
	 * Return the operating system's id of the loop's thread.
	 * @return the id, or -1 if it is unknown: before the thread has started, on systems
	 * other than Linux, and for a virtual thread, which has none of its own
	 */
	long osThreadId();

	/**
	 * Read what the loop has recorded up to now, including the phase in progress. Retries
	 * while the loop is in the middle of a change: use {@link #tryRead()} on event loops.
	 * @return a consistent reading
	 */
	LoopReading read();

	/**
	 * Read what the loop has recorded up to now without waiting for it: for event loops
	 * that read each other. Gives up after eight attempts.
	 * @return a consistent reading, or {@code null} if the loop kept changing its state
	 * or was preempted in the middle of a change
	 */
	@Nullable LoopReading tryRead();

	/**
	 * Return the number of tasks and requests that the loop has started in the iteration
	 * in progress. A busy loop for which it does not change is in a single piece of code.
	 * @return the number; only meaningful while an iteration is in progress
	 */
	long iterationTasksStarted();

	/**
	 * Return the request whose code the loop executes.
	 * @return the request, or {@code null} if there is none or it is unknown
	 */
	@Nullable ExecutingRequest request();

	/**
	 * Return the number of requests that have arrived on the loop since it started.
	 * @return the number, which never decreases
	 */
	long requests();

	/**
	 * Return the number of requests in flight: arrived on the loop and not yet ended.
	 * @return the number
	 */
	int inFlightRequests();

}
