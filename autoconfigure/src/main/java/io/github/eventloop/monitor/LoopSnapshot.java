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
 * @param component the name of the component that it belongs to, or {@code null} if it is
 * not one of a driver
 * @param counted whether it counts in the lag, the utilization and the status of the
 * application: all loops do except those of a separate management port and, unless
 * configured otherwise, those of drivers
 * @param approximate whether the loop is external and measured approximately, by probes:
 * its lag is estimated from the waits of the probes, its stalls are those that delayed a
 * probe, and utilization, times, iterations, events and requests are unknown and 0
 * @param virtualThread whether it runs on a virtual thread, whose CPU time is unknown
 * @param state its current state
 * @param busyNanos the age of the iteration in progress in nanoseconds, or 0 if there is
 * none
 * @param pausedNanos the part of that age in which the whole process was paused, in
 * nanoseconds
 * @param lag the lag over the window
 * @param utilization the share of the window that the loop spent outside of its poll,
 * 0..1
 * @param cpuUtilization the share of the window that its thread used a CPU, 0..1, or
 * {@code null} if the JVM does not report it
 * @param totals what it has done since it started
 * @param load what is waiting for it
 * @since 0.1.0
 */
public record LoopSnapshot(long id, String name, String group, Set<LoopRole> roles, @Nullable String component,
		boolean counted, boolean approximate, boolean virtualThread, LoopState state, long busyNanos, long pausedNanos,
		Lag lag, double utilization, @Nullable Double cpuUtilization, Totals totals, Load load) {

	/**
	 * Return how long the loop has been in the same iteration, not counting pauses of the
	 * whole process.
	 * @return the age of the iteration in progress without pauses, in nanoseconds
	 */
	public long stuckNanos() {
		return Math.max(0, this.busyNanos - this.pausedNanos);
	}

	LoopUsage since(@Nullable LoopSnapshot earlier, long elapsedNanos) {
		Totals base = (earlier != null) ? earlier.totals : Totals.NONE;
		long active = this.totals.activeNanos() - base.activeNanos();
		long idle = this.totals.idleNanos - base.idleNanos;
		boolean started = earlier != null && earlier.state != LoopState.NOT_STARTED;
		// Before its start, the loop counts as idle.
		long all = started ? active + idle : Math.max(active + idle, elapsedNanos);
		return new LoopUsage(this.name, (all > 0) ? Math.max(0, (double) active / all) : 0,
				this.totals.ioNanos - base.ioNanos, this.totals.taskNanos - base.taskNanos, idle,
				this.totals.iterations - base.iterations, this.totals.events - base.events,
				this.totals.eventsWaiting - base.eventsWaiting, this.totals.stalls - base.stalls);
	}

	/**
	 * What a loop has done since it started.
	 *
	 * @param ioNanos the time spent on I/O and in polls that did not sleep, in
	 * nanoseconds
	 * @param taskNanos the time spent on tasks, in nanoseconds
	 * @param idleNanos the time in polls that slept, in nanoseconds
	 * @param iterations the iterations
	 * @param events the events handled
	 * @param eventsWaiting the events among them that were ready before the poll
	 * @param stalls the iterations longer than the stall threshold since the monitoring
	 * of the loop started
	 * @since 0.1.0
	 */
	public record Totals(long ioNanos, long taskNanos, long idleNanos, long iterations, long events, long eventsWaiting,
			long stalls) {

		private static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0);

		/**
		 * Return the time that the loop spent outside of its poll.
		 * @return the time in nanoseconds since the loop started
		 */
		public long activeNanos() {
			return this.ioNanos + this.taskNanos;
		}

	}

	/**
	 * What is waiting for a loop.
	 *
	 * @param pendingTasks the tasks in its queue, or -1 if unknown
	 * @param channels the channels registered with it, or -1 if unknown
	 * @param inFlightRequests the requests that arrived on it and have not ended yet
	 * @param connectionsWaiting the connections waiting to be accepted by it at the end
	 * of the last second, or {@code null} if it accepts none or the number is unknown
	 * @since 0.1.0
	 */
	public record Load(int pendingTasks, int channels, int inFlightRequests, @Nullable Integer connectionsWaiting) {

	}

}
