package io.github.eventloop.monitor.internal.thread;

import java.util.Arrays;
import java.util.List;

/**
 * The platform threads of the JVM, without a safepoint, which stack traces would require.
 */
public final class LiveThreads {

	private LiveThreads() {
	}

	/**
	 * Return the threads that are alive. One that starts meanwhile may be missing.
	 * @return the threads
	 */
	public static List<Thread> all() {
		ThreadGroup root = Thread.currentThread().getThreadGroup();
		while (root.getParent() != null) {
			root = root.getParent();
		}
		Thread[] threads = new Thread[2 * root.activeCount()];
		return Arrays.asList(threads).subList(0, root.enumerate(threads));
	}

}
