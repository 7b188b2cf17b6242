package io.github.eventloop.monitor;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Tells others what has happened, one after the other, on a thread of its own: a log that
 * is written to a full pipe and a listener that calls a pager both take their time, and
 * neither an event loop nor the thread that watches the loops may wait for them. The
 * thread exists only while there is something to tell. What is thrown is logged.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class Announcer implements AutoCloseable {

	private static final Logger logger = System.getLogger(Announcer.class.getName());

	private final ThreadPoolExecutor executor;

	/**
	 * Create an announcer.
	 * @param threadName the name of its thread
	 * @param capacity how much may wait to be told; where there is more, the oldest is
	 * lost, for the last word matters most
	 */
	public Announcer(String threadName, int capacity) {
		// Listeners may load classes of the application: with the loader of the thread
		// that creates this, not of the first one that announces something.
		ClassLoader loader = Thread.currentThread().getContextClassLoader();
		this.executor = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new ArrayBlockingQueue<>(capacity),
				(task) -> DaemonThread.create(task, threadName, loader), new ThreadPoolExecutor.DiscardOldestPolicy());
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Create an announcer for lines of the log.
	 * @param capacity how many lines may wait
	 * @return an announcer whose thread is called {@code eventloop-log}
	 */
	public static Announcer ofLog(int capacity) {
		return new Announcer("eventloop-log", capacity);
	}

	/**
	 * Tell something soon. Returns at once.
	 * @param telling tells it
	 */
	public void announce(Runnable telling) {
		try {
			this.executor.execute(() -> tell(telling));
		}
		catch (OutOfMemoryError ex) {
			// No thread to be had. Who tells us of something must not suffer for it.
		}
	}

	private static void tell(Runnable telling) {
		try {
			telling.run();
		}
		catch (Throwable ex) {
			logger.log(Level.WARNING, "Somebody failed to take note of what happened to the event loops", ex);
		}
	}

	/**
	 * Tell what is left to be told, for at most half a second, and nothing more.
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
	 * Tell nothing more, even if there is something left.
	 */
	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
