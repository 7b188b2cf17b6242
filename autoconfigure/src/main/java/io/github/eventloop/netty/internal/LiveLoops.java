package io.github.eventloop.netty.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Registry of all monitored event loops of the JVM, regardless of which resources created
 * them. Used by the test support, which has no access to those resources. Thread-safe.
 */
public final class LiveLoops {

	/**
	 * Weak, so that unused loops can be garbage collected; a running loop is referenced
	 * by its thread. Guarded by itself.
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
	 * Return the loops that have not terminated.
	 * @return the loops, in no particular order
	 */
	public static List<MonitoredLoop> loops() {
		synchronized (LOOPS) {
			LOOPS.removeIf(MonitoredEventLoop::isTerminated);
			return new ArrayList<>(LOOPS);
		}
	}

}
