package io.github.eventloop.monitor.internal.thread;

import org.jspecify.annotations.Nullable;

/**
 * Factory of the threads of this library. They are started by the first thread that needs
 * them, such as one that handles a request, and outlive it, so they must not inherit
 * anything from it.
 */
public final class DaemonThread {

	private DaemonThread() {
	}

	/**
	 * Create a daemon thread that inherits neither thread-local values nor the context
	 * class loader of its creator, which may be a temporary one.
	 * @param task the task to run
	 * @param name the name of the thread
	 * @param loader the context class loader, {@code null} for none
	 * @return the thread, not started
	 */
	public static Thread create(Runnable task, String name, @Nullable ClassLoader loader) {
		Thread thread = new Thread(null, task, name, 0, false);
		thread.setDaemon(true);
		thread.setContextClassLoader(loader);
		return thread;
	}

}
