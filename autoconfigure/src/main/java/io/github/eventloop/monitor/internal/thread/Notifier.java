package io.github.eventloop.monitor.internal.thread;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Executor of notifications, one after the other, on a thread of its own: a listener that
 * calls a pager may block, and neither an event loop nor the monitor thread may wait for
 * it. The thread exists only while there are notifications. Exceptions are logged.
 * <p>
 * Thread-safe.
 */
public final class Notifier implements AutoCloseable {

	private final String threadName;

	private final FailureLog failures = new FailureLog(LogFactory.getLog(Notifier.class));

	private final ThreadPoolExecutor executor;

	/**
	 * Create a notifier.
	 * @param threadName the name of its thread
	 * @param capacity the maximum number of waiting notifications; the oldest is
	 * discarded if there are more, because the newest matters most
	 */
	public Notifier(String threadName, int capacity) {
		// Listeners may load classes of the application: with the class loader of the
		// thread that creates this, not of the first one with a notification.
		this(threadName, capacity, Thread.currentThread().getContextClassLoader());
	}

	Notifier(String threadName, int capacity, @Nullable ClassLoader loader) {
		this.threadName = threadName;
		this.executor = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new ArrayBlockingQueue<>(capacity),
				(task) -> DaemonThread.create(task, threadName, loader), new ThreadPoolExecutor.DiscardOldestPolicy());
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Submit a notification. Returns immediately.
	 * @param notification the notification to run
	 * @return whether it will run, unless there are too many newer ones
	 */
	public boolean announce(Runnable notification) {
		try {
			this.executor.execute(() -> this.failures.run(notification,
					"Event loop listener threw an exception on the thread " + this.threadName));
			return true;
		}
		catch (OutOfMemoryError ex) {
			// The thread could not be created. That must not affect the caller.
			return false;
		}
	}

	/**
	 * Close this notifier, and discard the waiting notifications.
	 */
	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
