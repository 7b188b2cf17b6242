package io.github.eventloop.monitor;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * An event loop with a {@linkplain LoopView view} of what it does. Methods may be called
 * by any thread at any time and must return without waiting for the loop. Implementations
 * are compared by identity. Not meant to be implemented by applications.
 *
 * @since 0.1.0
 */
public interface MonitoredLoop {

	/**
	 * Return the name of the loop's thread. Before the thread is started, and if it has
	 * no name, as virtual threads by default, this is its expected name.
	 * @return the name
	 */
	String name();

	/**
	 * Return the name of the group that the loop belongs to, such as
	 * {@code reactor-http}.
	 * @return the name of the group
	 */
	String group();

	/**
	 * Return the kinds of channels that have been registered with the loop.
	 * @return the roles
	 */
	Set<LoopRole> roles();

	/**
	 * Return the name of the component that the loop belongs to, such as {@code lettuce}.
	 * @return the name, or {@code null} if the loop is not one of a
	 * {@linkplain LoopRole#DRIVER driver}
	 */
	default @Nullable String component() {
		return null;
	}

	/**
	 * Return whether the loop counts in the lag, the utilization and the status of the
	 * application. All loops do except those of a separate management port and, unless
	 * configured otherwise, those of drivers.
	 * @return whether it counts
	 */
	default boolean isCounted() {
		return !roles().contains(LoopRole.MANAGEMENT);
	}

	/**
	 * Return whether the loop is external and measured approximately, by probes: empty
	 * tasks that are sent to it regularly. The iterations in its view are the waits of
	 * the probes, its lag is estimated from them, and its utilization, events and
	 * requests are unknown.
	 * @return whether the loop is measured approximately
	 */
	default boolean isApproximate() {
		return false;
	}

	/**
	 * Return the view of what the loop does.
	 * @return the view, always the same
	 */
	LoopView view();

	/**
	 * Return the number of tasks in the queue of the loop.
	 * @return the number, 0 or more, or -1 if it is unknown, which is possible if the
	 * loop is {@linkplain #isApproximate() measured approximately}
	 */
	int pendingTasks();

	/**
	 * Return the number of channels registered with the loop, including those assigned to
	 * it that it has not registered yet.
	 * @return the number, 0 or more, or -1 if it is unknown, which is possible if the
	 * loop is {@linkplain #isApproximate() measured approximately}
	 */
	int channels();

	/**
	 * Return the number of requests that arrived on the loop and have not ended yet.
	 * @return the number, 0 or more
	 */
	int inFlightRequests();

	/**
	 * Return the ports at which the loop accepts connections.
	 * @return the ports, empty if it accepts no connections
	 */
	default Set<Integer> listeningPorts() {
		return Set.of();
	}

	/**
	 * Submit a task to the loop. Not used for measuring, but for actions that must happen
	 * on the loop, such as a drill.
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
