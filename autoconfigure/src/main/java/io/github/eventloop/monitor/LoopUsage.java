package io.github.eventloop.monitor;

/**
 * Usage of one event loop between two snapshots. Immutable.
 *
 * @param name the name of its thread
 * @param utilization the share of the time that the loop spent outside of its poll, 0..1
 * @param ioNanos the time spent on I/O, in nanoseconds
 * @param taskNanos the time spent on tasks, in nanoseconds
 * @param idleNanos the time in its poll, in nanoseconds
 * @param iterations the iterations
 * @param events the events handled
 * @param eventsWaiting the events among them that were ready before the poll
 * @param stalls the iterations that were longer than the stall threshold
 * @since 0.1.0
 */
public record LoopUsage(String name, double utilization, long ioNanos, long taskNanos, long idleNanos, long iterations,
		long events, long eventsWaiting, long stalls) {
}
