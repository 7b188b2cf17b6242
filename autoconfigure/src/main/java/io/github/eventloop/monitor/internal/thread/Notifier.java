package io.github.eventloop.monitor.internal.thread;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Executor of notifications, one after the other, on a thread of its own: a log that is
 * written to a full pipe or a listener that calls a pager may block, and neither an event
 * loop nor the monitor thread may wait for them. The thread exists only while there are
 * notifications. Exceptions are logged.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class Notifier implements AutoCloseable {

	private static final Logger logger = System.getLogger(Notifier.class.getName());

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
		ClassLoader loader = Thread.currentThread().getContextClassLoader();
		this.executor = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new ArrayBlockingQueue<>(capacity),
				(task) -> DaemonThread.create(task, threadName, loader), new ThreadPoolExecutor.DiscardOldestPolicy());
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Create a notifier for log lines.
	 * @param capacity the maximum number of waiting lines
	 * @return a notifier whose thread is called {@code eventloop-log}
	 */
	public static Notifier ofLog(int capacity) {
		return new Notifier("eventloop-log", capacity);
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
			logger.log(Level.WARNING, "Event loop listener threw an exception", ex);
		}
	}

	/**
	 * Run the waiting notifications for at most half a second, and close this notifier.
	 */
	public void finish() {
		this.executor.shutdown();
		try {
			if (!this.executor.awaitTermination(500, TimeUnit.MILLISECONDS)) {
				close();
			}
		}
		catch (InterruptedException ex) {
			close();
			Thread.currentThread().interrupt();
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
