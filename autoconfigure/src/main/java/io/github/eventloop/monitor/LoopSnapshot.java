package io.github.eventloop.monitor;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Snapshot of one event loop at one instant. Immutable.
 *
 * @param id the id of the loop, unique in this process even among loops of the same name
 * @param name the name of its thread
 * @param group the name of its group
 * @param roles the kinds of channels that have been registered with it
 * @param state its current state
 * @param busyNanos the age of the iteration in progress in nanoseconds, or 0 if there is
 * none
 * @param pausedNanos the part of that age in which the whole process was paused, in
 * nanoseconds
 * @param lag the lag over the window
 * @param utilization the share of the window that the loop spent outside of its poll,
 * 0..1
 * @param cpuUtilization the share of the window that its thread used a CPU, 0..1, or
 * {@code null} if the JVM does not support it
 * @param ioNanos the time spent on I/O and in polls that did not sleep, in nanoseconds
 * since the loop started
 * @param taskNanos the time spent on tasks, in nanoseconds since the loop started
 * @param idleNanos the time in polls that slept, in nanoseconds since the loop started
 * @param iterations the iterations since the loop started
 * @param events the events handled since the loop started
 * @param eventsWaiting the events among them that were ready before the poll
 * @param stalls the iterations longer than the stall threshold since the monitoring of
 * the loop started
 * @param pendingTasks the tasks in the queue of the loop
 * @param channels the channels registered with the loop, or -1 if unknown
 * @param inFlightRequests the requests that arrived on the loop and have not ended yet
 * @param connectionsWaiting the connections waiting to be accepted by the loop at the end
 * of the last second, or {@code null} if it accepts none or the number is unknown
 * @param approximate whether the loop is external and measured approximately, by probes:
 * its lag is estimated from the waits of the probes, its stalls are those that delayed a
 * probe, and utilization, times, iterations, events and requests are unknown and 0
 * @since 0.1.0
 */
public record LoopSnapshot(long id, String name, String group, Set<LoopRole> roles, LoopState state, long busyNanos,
		long pausedNanos, Lag lag, double utilization, @Nullable Double cpuUtilization, long ioNanos, long taskNanos,
		long idleNanos, long iterations, long events, long eventsWaiting, long stalls, int pendingTasks, int channels,
		int inFlightRequests, @Nullable Integer connectionsWaiting, boolean approximate) {

	private static final LoopSnapshot NEVER_STARTED = new LoopSnapshot(0, "", "", Set.of(), LoopState.NOT_STARTED, 0, 0,
			Lag.NONE, 0, null, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, false);

	/**
	 * Return whether the loop counts in the lag, the utilization and the status of the
	 * application. All loops do except those of a separate management port.
	 * @return whether it counts
	 */
	public boolean isCounted() {
		return !this.roles.contains(LoopRole.MANAGEMENT);
	}

	/**
	 * Return the time that the loop spent outside of its poll.
	 * @return the time in nanoseconds since the loop started
	 */
	public long activeNanos() {
		return this.ioNanos + this.taskNanos;
	}

	/**
	 * Return how long the loop has been in the same iteration, not counting pauses of the
	 * whole process.
	 * @return the age of the iteration in progress without pauses, in nanoseconds
	 */
	public long stuckNanos() {
		return Math.max(0, this.busyNanos - this.pausedNanos);
	}

	LoopUsage since(@Nullable LoopSnapshot earlier, long elapsedNanos) {
		LoopSnapshot base = (earlier != null) ? earlier : NEVER_STARTED;
		long active = activeNanos() - base.activeNanos();
		long idle = this.idleNanos - base.idleNanos;
		// Before its start, the loop counts as idle.
		long all = (base.state == LoopState.NOT_STARTED) ? Math.max(active + idle, elapsedNanos) : active + idle;
		return new LoopUsage(this.name, (all > 0) ? Math.max(0, (double) active / all) : 0, this.ioNanos - base.ioNanos,
				this.taskNanos - base.taskNanos, idle, this.iterations - base.iterations, this.events - base.events,
				this.eventsWaiting - base.eventsWaiting, this.stalls - base.stalls);
	}

}
