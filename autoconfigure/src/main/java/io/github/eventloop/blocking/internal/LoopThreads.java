package io.github.eventloop.blocking.internal;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Finds the monitored loops of threads. Thread-safe. There are few loops, so that a
 * linear search is as fast as a map, and does not require tracking when threads start.
 */
final class LoopThreads implements EventLoopListener {

	/** Replaced by the monitor thread when loops are added or removed. */
	private volatile List<MonitoredLoop> loops = List.of();

	@Override
	public void onLoops(List<MonitoredLoop> loops) {
		this.loops = loops;
	}

	/**
	 * Return the loop that a thread runs.
	 * @param threadId the id of the thread
	 * @return the loop, or {@code null} if it runs none
	 */
	@SuppressWarnings("deprecation") // threadId() came with JDK 19
	@Nullable MonitoredLoop loopOf(long threadId) {
		for (MonitoredLoop loop : this.loops) {
			Thread thread = loop.view().thread();
			if (thread != null && thread.getId() == threadId) {
				return loop;
			}
		}
		return null;
	}

	/**
	 * Return whether a loop is monitored.
	 * @param loop the loop
	 * @return whether it is
	 */
	boolean contains(MonitoredLoop loop) {
		return this.loops.contains(loop);
	}

}
