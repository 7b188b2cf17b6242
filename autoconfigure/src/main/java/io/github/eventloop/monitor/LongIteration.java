package io.github.eventloop.monitor;

/**
 * An iteration of a loop that was longer than the stall threshold, as the loop itself
 * noted it. Immutable.
 *
 * @param startedAt when it began, as {@link System#nanoTime()}
 * @param endedAt when it ended, as {@link System#nanoTime()}
 * @param events the ready channels that the loop handled in it
 * @param steps the tasks and requests that the loop began with in it
 * @param ioNanos for how much of it the loop handled ready channels, before it turned to
 * its tasks
 * @since 0.1.0
 */
public record LongIteration(long startedAt, long endedAt, long events, long steps, long ioNanos) {

	/**
	 * Return how long it took.
	 * @return the length in nanoseconds
	 */
	public long nanos() {
		return this.endedAt - this.startedAt;
	}

}
