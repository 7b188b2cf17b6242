package io.github.eventloop.stall;

/**
 * Why a loop stalled.
 *
 * @since 0.1.0
 */
public enum StallCause {

	/**
	 * It was on a CPU, in one place.
	 */
	COMPUTING,

	/**
	 * It waited for a socket, a file or another answer of the operating system.
	 */
	BLOCKING_IO,

	/**
	 * It slept.
	 */
	SLEEPING,

	/**
	 * It was parked: on a future, a lock, a queue or another thread.
	 */
	WAITING,

	/**
	 * It waited to enter a monitor ({@code synchronized}) that another thread owned.
	 */
	LOCK,

	/**
	 * The whole process stood still to collect garbage.
	 */
	GC,

	/**
	 * It was ready to run but was not given a CPU: busy neighbours, a CPU quota, or a
	 * process that was suspended.
	 */
	STARVED,

	/**
	 * It had many short events or tasks to handle, none of them long.
	 */
	FLOOD,

	/**
	 * It went on before anything was seen of it, as a stall that barely reaches the
	 * threshold may.
	 */
	UNKNOWN

}
