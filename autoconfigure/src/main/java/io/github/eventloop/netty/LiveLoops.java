package io.github.eventloop.netty;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

import io.github.eventloop.monitor.MonitoredLoop;

/**
 * All monitored loops of the JVM, whoever made them: for tests, which want to know of
 * every loop and own none. Thread-safe.
 *
 * @since 0.1.0
 */
public final class LiveLoops {

	/**
	 * Weak, so that nothing is kept that nobody else uses: a loop that runs is held by
	 * its thread. Guarded by itself.
	 */
	private static final Set<MonitoredEventLoop> LOOPS = Collections.newSetFromMap(new WeakHashMap<>());

	private LiveLoops() {
	}

	static void add(MonitoredEventLoop loop) {
		synchronized (LOOPS) {
			LOOPS.add(loop);
		}
	}

	/**
	 * Return the loops that have not ended.
	 * @return the loops, in no particular order
	 */
	public static List<MonitoredLoop> loops() {
		synchronized (LOOPS) {
			LOOPS.removeIf(MonitoredEventLoop::isTerminated);
			return new ArrayList<>(LOOPS);
		}
	}

}
