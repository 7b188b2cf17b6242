package io.github.eventloop.monitor;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * One event loop at one instant. Immutable.
 *
 * @param id tells the loop from all others of this process, of the same name too
 * @param name the name of its thread
 * @param group the name of its group
 * @param roles the kinds of channels that it has carried so far
 * @param state what it is doing
 * @param busyNanos the age of the iteration in progress in nanoseconds, 0 if there is
 * none
 * @param lag the lag over the window
 * @param utilization the share of the window's time that it did not wait in its poll,
 * 0..1
 * @param cpuUtilization the share of the window's time that its thread had a CPU, 0..1,
 * or {@code null} if the JVM cannot tell
 * @param ioNanos the time with events and in polls that did not sleep, in nanoseconds
 * since the loop started
 * @param taskNanos the time with tasks, in nanoseconds since the loop started
 * @param idleNanos the time in polls that slept, in nanoseconds since the loop started
 * @param iterations the iterations since the loop started
 * @param events the events handled since the loop started
 * @param eventsWaiting those of them that were waiting before the loop looked for them
 * @param stalls the iterations that were longer than the stall threshold since the loop
 * was first watched
 * @param pendingTasks the tasks that wait for the loop
 * @param channels the channels registered with the loop
 * @param inFlightRequests the requests that arrived on the loop and were not answered yet
 * @since 0.1.0
 */
public record LoopSnapshot(long id, String name, String group, Set<LoopRole> roles, LoopState state, long busyNanos,
		Lag lag, double utilization, @Nullable Double cpuUtilization, long ioNanos, long taskNanos, long idleNanos,
		long iterations, long events, long eventsWaiting, long stalls, int pendingTasks, int channels,
		int inFlightRequests) {

	/**
	 * Return the time that the loop did not wait in its poll.
	 * @return the time in nanoseconds since the loop started
	 */
	public long activeNanos() {
		return this.ioNanos + this.taskNanos;
	}

	LoopUsage since(@Nullable LoopSnapshot earlier) {
		if (earlier == null) {
			return new LoopUsage(this.name, utilization(activeNanos(), this.idleNanos), this.ioNanos, this.taskNanos,
					this.idleNanos, this.iterations, this.events, this.eventsWaiting, this.stalls);
		}
		return new LoopUsage(this.name,
				utilization(activeNanos() - earlier.activeNanos(), this.idleNanos - earlier.idleNanos),
				this.ioNanos - earlier.ioNanos, this.taskNanos - earlier.taskNanos, this.idleNanos - earlier.idleNanos,
				this.iterations - earlier.iterations, this.events - earlier.events,
				this.eventsWaiting - earlier.eventsWaiting, this.stalls - earlier.stalls);
	}

	static double utilization(long activeNanos, long idleNanos) {
		long all = activeNanos + idleNanos;
		return (all > 0) ? Math.max(0, Math.min(1, (double) activeNanos / all)) : 0;
	}

}
