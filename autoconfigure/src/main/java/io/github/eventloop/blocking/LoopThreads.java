package io.github.eventloop.blocking;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Tells the threads of monitored loops from others. Thread-safe. There are few loops, so
 * that looking through them is as fast as a map, and needs nobody to note when a thread
 * starts.
 */
final class LoopThreads implements EventLoopListener {

	/** Replaced by the monitor's thread when loops come or go. */
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
			Thread thread = loop.recorder().thread();
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
	boolean contain(MonitoredLoop loop) {
		return this.loops.contains(loop);
	}

}
