package io.github.eventloop.monitor.internal.thread;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Executor of notifications, one after the other, on a thread of its own: a listener that
 * calls a pager may block, and neither an event loop nor the monitor thread may wait for
 * it. The thread exists only while there are notifications. Exceptions are logged.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class Notifier implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(Notifier.class);

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
		this.executor = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new ArrayBlockingQueue<>(capacity),
				(task) -> DaemonThread.create(task, threadName, loader), new ThreadPoolExecutor.DiscardOldestPolicy());
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Submit a notification. Returns immediately.
	 * @param notification the notification to run
	 */
	public void announce(Runnable notification) {
		try {
			this.executor.execute(() -> run(notification));
		}
		catch (OutOfMemoryError ex) {
			// The thread could not be created. That must not affect the caller.
		}
	}

	private static void run(Runnable notification) {
		try {
			notification.run();
		}
		catch (Throwable ex) {
			logger.warn("Event loop listener threw an exception", ex);
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
