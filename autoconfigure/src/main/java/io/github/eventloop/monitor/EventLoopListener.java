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
	 * The loops to watch have changed, or the listener was not told of them before.
	 * @param loops the loops that exist now
	 */
	default void onLoops(List<MonitoredLoop> loops) {
	}

	/**
	 * An iteration of a loop has ended that was longer than the stall threshold.
	 * @param loop the loop
	 * @param iteration the iteration
	 */
	default void onStallEnded(MonitoredLoop loop, LongIteration iteration) {
	}

	/**
	 * The monitor's thread is awake, which it is whenever an iteration may have reached
	 * the stall threshold, and at least ten times a second.
	 * @param now the current instant, as {@link System#nanoTime()}
	 * @return in how many nanoseconds it should be awake again at the latest;
	 * {@link Long#MAX_VALUE} if that does not matter. Less than a millisecond, 0 or less
	 * is taken for a millisecond
	 */
	default long onWakeUp(long now) {
		return Long.MAX_VALUE;
	}

	/**
	 * A second has passed.
	 * @param second what happened in it
	 */
	default void onSecond(EventLoopSecond second) {
	}

}
