package io.github.eventloop.monitor;

import org.jspecify.annotations.Nullable;

/**
 * The threads of this library. They are started by the first thread that needs them, such
 * as the thread that handles a request, and live for longer: so they take nothing over
 * from it.
 *
 * @since 0.1.0
 */
public final class DaemonThread {

	private DaemonThread() {
	}

	/**
	 * Create a daemon thread that inherits neither thread-local values nor the context
	 * class loader of its creator, which may be one that is to be thrown away.
	 * @param task what it runs
	 * @param name its name
	 * @param loader the class loader of what it runs, {@code null} for none
	 * @return the thread, not started
	 */
	public static Thread create(Runnable task, String name, @Nullable ClassLoader loader) {
		Thread thread = new Thread(null, task, name, 0, false);
		thread.setDaemon(true);
		thread.setContextClassLoader(loader);
		return thread;
	}

}
