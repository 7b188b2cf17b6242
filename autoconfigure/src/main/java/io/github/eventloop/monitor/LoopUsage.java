package io.github.eventloop.monitor;

/**
 * What one event loop did between two snapshots. Immutable.
 *
 * @param name the name of its thread
 * @param utilization the share of the time that it did not wait in its poll, 0..1
 * @param ioNanos the time with events, in nanoseconds
 * @param taskNanos the time with tasks, in nanoseconds
 * @param idleNanos the time in its poll, in nanoseconds
 * @param iterations the iterations
 * @param events the events handled
 * @param eventsWaiting those of them that were waiting before the loop looked for them
 * @param stalls the iterations that were longer than the stall threshold
 * @since 0.1.0
 */
public record LoopUsage(String name, double utilization, long ioNanos, long taskNanos, long idleNanos, long iterations,
		long events, long eventsWaiting, long stalls) {
}
