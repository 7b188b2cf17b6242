package io.github.eventloop.monitor;

import java.util.List;

/**
 * Listener that is notified by an {@link EventLoopMonitor}. Called by the monitor thread,
 * one call at a time: an implementation must return quickly, because it blocks the
 * monitor. Exceptions are logged and have no other effect.
 *
 * @since 0.1.0
 */
public interface EventLoopListener {

	/**
	 * Called when the monitored loops have changed or a listener has been added.
	 * @param loops the loops that exist now
	 */
	default void onLoops(List<MonitoredLoop> loops) {
	}

	/**
	 * Called when an iteration longer than the stall threshold has ended.
	 * @param loop the loop
	 * @param iteration the iteration
	 */
	default void onStallEnded(MonitoredLoop loop, LongIteration iteration) {
	}

	/**
	 * Called when a second has ended.
	 * @param second the figures of the second
	 */
	default void onSecond(EventLoopSecond second) {
	}

}
