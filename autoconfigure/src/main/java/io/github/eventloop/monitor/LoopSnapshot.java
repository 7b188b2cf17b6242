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
 * @param pausedNanos for how much of that the whole process was paused, in nanoseconds
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
 * @param channels the channels registered with the loop, -1 if it is not known
 * @param inFlightRequests the requests that arrived on the loop and were not answered yet
 * @param connectionsWaiting the connections that waited to be accepted by the loop when
 * the last second ended, or {@code null} if it accepts none or nobody can tell
 * @param approximate whether all that is known of the loop is how long tasks waited that
 * were sent to it now and then: its lag is estimated from that, its stalls are what these
 * tasks met, and utilization, times, iterations, events and requests are not known and 0
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
	 * application: all do but those that serve a management port of their own.
	 * @return whether it counts
	 */
	public boolean isCounted() {
		return !this.roles.contains(LoopRole.MANAGEMENT);
	}

	/**
	 * Return the time that the loop did not wait in its poll.
	 * @return the time in nanoseconds since the loop started
	 */
	public long activeNanos() {
		return this.ioNanos + this.taskNanos;
	}

	/**
	 * Return for how long the loop has made no progress although it could have: it is not
	 * stuck while the whole process stands still.
	 * @return the age of the iteration in progress without pauses, in nanoseconds
	 */
	public long stuckNanos() {
		return Math.max(0, this.busyNanos - this.pausedNanos);
	}

	LoopUsage since(@Nullable LoopSnapshot earlier, long elapsedNanos) {
		LoopSnapshot base = (earlier != null) ? earlier : NEVER_STARTED;
		long active = activeNanos() - base.activeNanos();
		long idle = this.idleNanos - base.idleNanos;
		// Before it was started, the loop was idle.
		long all = (base.state == LoopState.NOT_STARTED) ? Math.max(active + idle, elapsedNanos) : active + idle;
		return new LoopUsage(this.name, (all > 0) ? Math.max(0, (double) active / all) : 0, this.ioNanos - base.ioNanos,
				this.taskNanos - base.taskNanos, idle, this.iterations - base.iterations, this.events - base.events,
				this.eventsWaiting - base.eventsWaiting, this.stalls - base.stalls);
	}

}
