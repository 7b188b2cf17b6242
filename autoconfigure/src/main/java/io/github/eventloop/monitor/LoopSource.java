package io.github.eventloop.monitor;

import java.util.Collection;

/**
 * Source of the loops of an {@link EventLoopMonitor}. It is polled about ten times per
 * second, so that loops may be added and removed.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LoopSource {

	/**
	 * Return the loops that exist now. May be called by any thread.
	 * @return the loops, in the order in which they are displayed
	 */
	Collection<? extends MonitoredLoop> loops();

	/**
	 * Return whether the source will never list a loop again, so that it can be removed.
	 * @return whether the source is exhausted
	 */
	default boolean isExhausted() {
		return false;
	}

}
