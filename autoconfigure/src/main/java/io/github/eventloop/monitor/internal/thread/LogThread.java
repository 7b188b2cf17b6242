package io.github.eventloop.monitor.internal.thread;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The thread, {@code eventloop-log}, that writes log lines of the monitor thread and of
 * event loops: a log that is written to a full pipe blocks, and neither an event loop nor
 * the monitor thread may wait for it. Shared by all application contexts, as the log is.
 * Thread-safe.
 */
public final class LogThread {

	/** Holds a line of each culprit after many stalls at once. */
	private static final int CAPACITY = 512;

	private static final long FLUSH_MILLIS = 500;

	private static final Notifier lines = new Notifier("eventloop-log", CAPACITY, LogThread.class.getClassLoader());

	private LogThread() {
	}

	/**
	 * Write a line. Returns immediately.
	 * @param line writes the line
	 * @return whether it will be written, unless there are too many newer ones
	 */
	public static boolean write(Runnable line) {
		return lines.announce(line);
	}

	/**
	 * Wait until the lines so far have been written, at most half a second.
	 */
	public static void flush() {
		CountDownLatch written = new CountDownLatch(1);
		lines.announce(written::countDown);
		try {
			// Without success if the log is blocked.
			written.await(FLUSH_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
