package io.github.eventloop.monitor;

import java.util.List;

/**
 * Told by an {@link EventLoopMonitor} what it sees. Called by the monitor's own thread,
 * one call at a time: an implementation must return soon, for the monitor sees nothing
 * meanwhile. What it throws is logged and harms nothing.
 *
 * @since 0.1.0
 */
public interface EventLoopListener {

	/**
	 * The loops to watch have changed.
	 * @param loops the loops that exist now
	 */
	default void onLoops(List<MonitoredLoop> loops) {
	}

	/**
	 * A second has passed.
	 * @param second what happened in it
	 */
	default void onSecond(EventLoopSecond second) {
	}

}
