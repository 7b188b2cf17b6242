package io.github.eventloop.stall;

/**
 * Cause of a stall.
 *
 * @since 0.1.0
 */
public enum StallCause {

	/**
	 * The loop was on a CPU, in one place.
	 */
	COMPUTING,

	/**
	 * The loop waited for a socket, a file or another operation of the operating system.
	 */
	BLOCKING_IO,

	/**
	 * The loop slept.
	 */
	SLEEPING,

	/**
	 * The loop was parked: on a future, a lock, a queue or another thread.
	 */
	WAITING,

	/**
	 * The loop waited to enter a monitor ({@code synchronized}) that another thread
	 * owned.
	 */
	LOCK,

	/**
	 * The loop waited for the garbage collector.
	 */
	GC,

	/**
	 * The loop was ready to run but had no CPU: because of busy neighbours, a CPU limit,
	 * or because the process was suspended.
	 */
	STARVED,

	/**
	 * The loop handled many short events or tasks, none of them long.
	 */
	FLOOD,

	/**
	 * The stall ended before it was sampled, as it may if it barely reaches the
	 * threshold, or nothing that was measured explains it.
	 */
	UNKNOWN

}
