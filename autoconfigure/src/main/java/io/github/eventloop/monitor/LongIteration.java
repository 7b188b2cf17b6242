package io.github.eventloop.monitor;

/**
 * An iteration of a loop that was longer than the stall threshold, as recorded by the
 * loop itself. Immutable.
 *
 * @param startedAt when it started, as {@link System#nanoTime()}
 * @param endedAt when it ended, as {@link System#nanoTime()}
 * @param events the number of ready channels that the loop handled in it
 * @param tasksStarted the number of tasks and requests that the loop started in it
 * @param ioNanos the part of it in which the loop handled ready channels, before it
 * switched to its tasks, in nanoseconds
 * @since 0.1.0
 */
public record LongIteration(long startedAt, long endedAt, long events, long tasksStarted, long ioNanos) {

	/**
	 * Return the length of the iteration.
	 * @return the length in nanoseconds
	 */
	public long nanos() {
		return this.endedAt - this.startedAt;
	}

}
