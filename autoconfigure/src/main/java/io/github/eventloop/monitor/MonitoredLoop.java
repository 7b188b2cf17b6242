package io.github.eventloop.monitor;

import java.util.Set;

/**
 * An event loop that notes what it does, or that others note it for. Implementations may
 * be asked by any thread at any time, must answer without waiting for the loop, and are
 * told apart by identity.
 *
 * @since 0.1.0
 */
public interface MonitoredLoop {

	/**
	 * Return the name of the loop's thread. Until the thread is started this is the name
	 * that it is expected to get.
	 * @return the name
	 */
	String name();

	/**
	 * Return what the loops of one purpose have in common, such as {@code reactor-http}.
	 * @return the name of the group
	 */
	String group();

	/**
	 * Return the kinds of channels that the loop has carried so far.
	 * @return the roles
	 */
	Set<LoopRole> roles();

	/**
	 * Return whether the loop counts in the lag, the utilization and the status of the
	 * application: all do but those that serve a management port of their own.
	 * @return whether it counts
	 */
	default boolean isCounted() {
		return !roles().contains(LoopRole.MANAGEMENT);
	}

	/**
	 * Return whether the loop notes nothing itself: then all that is known of it is how
	 * long tasks waited that were sent to it now and then. Its iterations in the recorder
	 * are these waits, its lag is estimated from them, and its utilization, events and
	 * requests are not known.
	 * @return whether that is so
	 */
	default boolean isApproximate() {
		return false;
	}

	/**
	 * Return what is noted about the loop.
	 * @return the recorder
	 */
	LoopRecorder recorder();

	/**
	 * Return the number of tasks that wait for the loop.
	 * @return the number, 0 or more
	 */
	int pendingTasks();

	/**
	 * Return the number of channels registered with the loop, and of those assigned to it
	 * that it has not come to register yet.
	 * @return the number, 0 or more; -1 if it is not known, as may be if the loop
	 * {@link #isApproximate()}
	 */
	int channels();

	/**
	 * Return the number of requests that arrived on the loop and were not answered yet.
	 * @return the number, 0 or more
	 */
	int inFlightRequests();

	/**
	 * Return the ports that the loop accepts connections at.
	 * @return the ports; none if it accepts no connections
	 */
	default Set<Integer> listeningPorts() {
		return Set.of();
	}

	/**
	 * Have the loop run a task, as soon as it gets to it. Measuring never does that: it
	 * is for what has to happen on the loop, such as a drill.
	 * @param task the task
	 * @throws java.util.concurrent.RejectedExecutionException if the loop has ended
	 */
	void execute(Runnable task);

	/**
	 * Return whether the loop has ended and will not run again.
	 * @return whether it has ended
	 */
	boolean isTerminated();

}
