package io.github.eventloop.monitor;

import java.util.Collection;

/**
 * Where an {@link EventLoopMonitor} finds the loops to watch. It is asked about ten times
 * a second, so that loops may come and go.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LoopSource {

	/**
	 * Return the loops that exist now. May be called by any thread.
	 * @return the loops, in the order in which they are to be shown
	 */
	Collection<? extends MonitoredLoop> loops();

	/**
	 * Return whether there will never be a loop again, so that the source can be
	 * forgotten.
	 * @return whether the source is of no more use
	 */
	default boolean isExhausted() {
		return false;
	}

}
