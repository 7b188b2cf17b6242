package io.github.eventloop.monitor;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The one thread that looks after the loops. It wakes up about ten times a second; how
 * late it does so tells of pauses of the whole process.
 */
final class Watcher implements Runnable {

	static final String THREAD_NAME = "eventloop-monitor";

	private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

	/**
	 * What a busy machine does to any thread that wakes up is no pause of the process.
	 */
	private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long FAILURE_LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

	private static final Logger logger = System.getLogger(EventLoopMonitor.class.getName());

	private final EventLoopMonitor monitor;

	/**
	 * The thread that shall go on, or {@code null} if none shall. Volatile: written under
	 * this watcher's monitor, read by the thread itself.
	 */
	private volatile @Nullable Thread thread;

	/** Only the watching thread uses these. */
	private long failures;

	private long lastFailureLogged;

	Watcher(EventLoopMonitor monitor) {
		this.monitor = monitor;
	}

	synchronized void start() {
		if (this.thread == null) {
			Thread started = new Thread(this, THREAD_NAME);
			started.setDaemon(true);
			// The creator's loader may be one that is to be thrown away.
			started.setContextClassLoader(Watcher.class.getClassLoader());
			this.thread = started;
			started.start();
		}
	}

	void stop() {
		Thread stopped;
		synchronized (this) {
			stopped = this.thread;
			this.thread = null;
		}
		if (stopped != null && stopped != Thread.currentThread()) {
			LockSupport.unpark(stopped);
			try {
				stopped.join(TimeUnit.SECONDS.toMillis(2));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	@Override
	public void run() {
		this.monitor.collections().open();
		try {
			long endOfSecond = System.nanoTime() + SECOND_NANOS;
			while (this.thread == Thread.currentThread()) {
				long sleep = look();
				long now = System.nanoTime();
				long wakeUp = now + Math.max(0, Math.min(sleep, endOfSecond - now));
				sleepUntil(wakeUp);
				now = System.nanoTime();
				if (now - wakeUp >= SHORTEST_PAUSE_NANOS) {
					this.monitor.pauses().add(wakeUp, now);
				}
				if (now - endOfSecond >= 0) {
					endSecond();
					endOfSecond += SECOND_NANOS;
					// After a long pause there is one long second, not many short ones.
					endOfSecond = (endOfSecond - now > 0) ? endOfSecond : now + SECOND_NANOS;
				}
			}
		}
		finally {
			this.monitor.collections().close();
		}
	}

	private void sleepUntil(long wakeUp) {
		long left = wakeUp - System.nanoTime();
		while (left > 0 && this.thread == Thread.currentThread()) {
			LockSupport.parkNanos(this, left);
			// Somebody else's interrupt must not turn the sleep into a spin.
			Thread.interrupted();
			left = wakeUp - System.nanoTime();
		}
	}

	private long look() {
		try {
			return this.monitor.look();
		}
		catch (Throwable ex) {
			failed(ex);
			return SECOND_NANOS;
		}
	}

	private void endSecond() {
		try {
			this.monitor.endSecond();
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	/**
	 * Log a failure, at most once a minute.
	 * @param failure what was thrown
	 */
	void failed(Throwable failure) {
		this.failures++;
		long now = System.nanoTime();
		if (this.failures == 1 || now - this.lastFailureLogged >= FAILURE_LOG_INTERVAL_NANOS) {
			this.lastFailureLogged = now;
			logger.log(Level.WARNING, "Event loops are still watched, but something failed on the way (failure "
					+ this.failures + " so far, logged at most once a minute)", failure);
		}
	}

}
