package io.github.eventloop.monitor.internal.second;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.internal.pause.PauseDetector;
import io.github.eventloop.monitor.internal.recorder.RecordedView;
import io.github.eventloop.monitor.internal.thread.DaemonThread;

/**
 * Thread of an {@link EventLoopMonitor}. It wakes up about eleven times a second to poll
 * the loops, and reports how late it woke up to the {@link PauseDetector}. It survives
 * any exception and runs until it is stopped: without it, the status would never change.
 * <p>
 * Thread-safe: guarded by itself, except for the fields that only the thread uses.
 */
public final class MonitorThread implements Runnable {

	public static final String THREAD_NAME = "eventloop-monitor";

	private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** Lateness that is too short to report, but makes this thread sleep in steps. */
	private static final long SUSPICIOUS_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/**
	 * How long this thread sleeps in steps after it was late. Spans several CFS periods
	 * of 100 ms: a process that has used up its CPU quota is throttled until the next
	 * one.
	 */
	private static final long FINE_GRAINED_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

	/** Length of these steps: the part of a pause that may go undetected. */
	private static final long FINE_GRAINED_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private final Work work;

	private final PauseDetector pauses;

	private final Consumer<Throwable> failures;

	/**
	 * The thread that is to keep running, or {@code null} if there is none. Volatile:
	 * written while synchronized on this object, read by the thread itself.
	 */
	private volatile @Nullable Thread thread;

	/**
	 * A thread that was stopped but may still be blocked by a listener. Volatile: written
	 * while synchronized on this object, read by the next thread.
	 */
	private volatile @Nullable Thread former;

	/**
	 * Until when to sleep in steps. Accessed by the monitor thread only, as is the next
	 * field: the next thread waits for the end of the former one.
	 */
	private long fineGrainedUntil = System.nanoTime();

	private long endOfSecond;

	/**
	 * Create a thread that is not started.
	 * @param work the work
	 * @param pauses detects when this thread is late
	 * @param failures receives the exceptions and errors of the work
	 */
	public MonitorThread(Work work, PauseDetector pauses, Consumer<Throwable> failures) {
		this.work = work;
		this.pauses = pauses;
		this.failures = failures;
	}

	public synchronized void start() {
		if (this.thread == null) {
			Thread started = DaemonThread.create(this, THREAD_NAME, MonitorThread.class.getClassLoader());
			this.thread = started;
			started.start();
		}
	}

	public void stop() {
		Thread stopped;
		synchronized (this) {
			stopped = this.thread;
			this.thread = null;
			// Keep the thread that is still running: this one may only have waited for
			// it.
			if (this.former == null || !this.former.isAlive()) {
				this.former = stopped;
			}
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
		awaitFormer();
		if (this.thread != Thread.currentThread()) {
			return;
		}
		try {
			this.pauses.open();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		this.endOfSecond = System.nanoTime() + SECOND_NANOS;
		while (this.thread == Thread.currentThread()) {
			try {
				tick();
			}
			catch (Throwable ex) {
				this.failures.accept(ex);
				LockSupport.parkNanos(this, SECOND_NANOS);
				Thread.interrupted();
			}
		}
		this.pauses.close();
	}

	/** Wait for the former thread: until it has ended, it uses the confined fields. */
	private void awaitFormer() {
		Thread former = this.former;
		while (former != null && former.isAlive() && this.thread == Thread.currentThread()) {
			try {
				former.join(TimeUnit.SECONDS.toMillis(1));
			}
			catch (InterruptedException ex) {
				// The field decides whether to continue.
			}
		}
	}

	private void tick() {
		rememberReadings();
		this.pauses.wokeUp(System.nanoTime());
		long sleep = poll();
		detectPause();
		long now = System.nanoTime();
		sleepUntil(now + Math.max(0, Math.min(sleep, this.endOfSecond - now)));
		now = System.nanoTime();
		if (now - this.endOfSecond >= 0) {
			rememberReadings();
			this.pauses.wokeUp(now);
			endSecond();
			detectPause();
			this.endOfSecond += SECOND_NANOS;
			// After a long pause there is one long second, not many short ones.
			this.endOfSecond = (this.endOfSecond - now > 0) ? this.endOfSecond : now + SECOND_NANOS;
		}
	}

	/**
	 * Sleep, in short steps if there was a pause recently. A thread that is throttled
	 * while it sleeps resumes when the CFS quota is refilled. If it then slept for a full
	 * period, it would resume at the next refill and never be late, although the process
	 * is throttled in between.
	 */
	private void sleepUntil(long wakeUp) {
		long now = System.nanoTime();
		while (now - wakeUp < 0 && this.thread == Thread.currentThread()) {
			boolean fineGrained = now - this.fineGrainedUntil < 0;
			long step = fineGrained ? Math.min(wakeUp - now, FINE_GRAINED_STEP_NANOS) : wakeUp - now;
			long planned = now + step;
			rememberReadings();
			LockSupport.parkNanos(this, step);
			this.pauses.slept();
			// A pending interrupt would turn the sleep into a busy loop.
			Thread.interrupted();
			now = System.nanoTime();
			if (now - planned >= SUSPICIOUS_NANOS) {
				this.fineGrainedUntil = now + FINE_GRAINED_NANOS;
			}
			this.pauses.checkWakeUp(planned, now);
		}
	}

	private void rememberReadings() {
		this.pauses.rememberReadings(this.work.views());
	}

	private long poll() {
		try {
			return this.work.poll();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
			return SECOND_NANOS;
		}
	}

	private void endSecond() {
		try {
			this.pauses.recordOwnUsage();
			this.work.endSecond();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
	}

	/**
	 * Add a pause if the process was paused while this thread was awake. Does nothing on
	 * other threads, including one that was stopped.
	 * @return whether a pause was added
	 */
	public boolean detectPause() {
		return this.thread == Thread.currentThread() && this.pauses.detectPause();
	}

	/**
	 * The work of the thread.
	 */
	public interface Work {

		/**
		 * Return the views of all loops.
		 * @return the views
		 */
		List<RecordedView> views();

		/**
		 * Poll the loops.
		 * @return the time in nanoseconds until the next poll at the latest
		 */
		long poll();

		/**
		 * End the current second.
		 */
		void endSecond();

	}

}
