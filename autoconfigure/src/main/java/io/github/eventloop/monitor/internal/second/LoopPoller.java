package io.github.eventloop.monitor.internal.second;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;

/**
 * Listener that the thread of an {@link EventLoopMonitor} also calls whenever it polls
 * the loops, and that determines when that thread wakes up next.
 * <p>
 * Called by the monitor thread only, one call at a time, after the listeners have been
 * notified of changed loops and ended stalls. An implementation must return quickly,
 * because it blocks the monitor. Exceptions are logged and have no other effect.
 */
@FunctionalInterface
public interface LoopPoller extends EventLoopListener {

	/**
	 * Called whenever an iteration may have reached the stall threshold, and at least ten
	 * times per second.
	 * @param now the current instant, as {@link System#nanoTime()}
	 * @return the time in nanoseconds until the next call at the latest, or
	 * {@link Long#MAX_VALUE} for no preference; values below one millisecond, including
	 * negative ones, count as one millisecond
	 */
	long poll(long now);

}
