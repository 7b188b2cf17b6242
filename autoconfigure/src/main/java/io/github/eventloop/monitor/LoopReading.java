package io.github.eventloop.monitor;

/**
 * State of a loop's record at one instant. Immutable.
 *
 * @param at the instant, as {@link System#nanoTime()}
 * @param started whether the loop's thread was ever started
 * @param busyNanos the age of the iteration in progress, in nanoseconds, or 0 if there is
 * none
 * @param idleNanos the time in polls that slept, in nanoseconds since the start
 * @param ioNanos the time spent on I/O and in polls that did not sleep, in nanoseconds
 * since the start
 * @param taskNanos the time spent on tasks, in nanoseconds since the start
 * @param iterations the iterations that ended since the start
 * @param events the events handled since the start
 * @param eventsWaiting the events among them that were ready before the poll
 * @param lagArea the time that events would have waited since the start if one became
 * ready each nanosecond, in square nanoseconds. The difference of two readings divided by
 * the time between them is the mean age of the iterations in progress during that time,
 * which over whole iterations is the mean lag
 * @since 0.1.0
 * @see LoopView#read()
 */
public record LoopReading(long at, boolean started, long busyNanos, long idleNanos, long ioNanos, long taskNanos,
		long iterations, long events, long eventsWaiting, double lagArea) {

	/**
	 * Return the time that the loop spent outside of its poll.
	 * @return the time in nanoseconds since the start
	 */
	public long activeNanos() {
		return this.ioNanos + this.taskNanos;
	}

}
