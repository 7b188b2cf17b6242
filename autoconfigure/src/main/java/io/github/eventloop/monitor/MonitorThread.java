package io.github.eventloop.monitor;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Thread of an {@link EventLoopMonitor}. It wakes up about eleven times a second to poll
 * the loops, and detects pauses of the whole process by waking up late. It survives any
 * exception and runs until it is stopped: without it, the status would never change.
 */
final class MonitorThread implements Runnable {

	static final String THREAD_NAME = "eventloop-monitor";

	private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

	/**
	 * Shortest lateness that counts as a pause of the process. A shorter one is normal
	 * scheduling delay on a busy machine.
	 */
	private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	/**
	 * A period in which this thread did not run counts as a pause only if the process may
	 * have been paused for at least this share of it.
	 */
	private static final double MIN_PAUSE_SHARE = 0.75;

	/** Upper bound for the work of this thread between two sleeps. */
	private static final long LONGEST_WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

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

	private static final long FAILURE_LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

	private static final Logger logger = System.getLogger(EventLoopMonitor.class.getName());

	private final EventLoopMonitor monitor;

	private final ThreadCpuClock cpuClock = new ThreadCpuClock();

	/** Cached: the lookup takes longer than a query. */
	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

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

	/** Logs failures on a thread of its own, because writing to a log may block. */
	private final Notifier failureLog = Notifier.ofLog(8);

	/**
	 * Until when to sleep in steps. Accessed by the monitor thread only, as are the
	 * fields down to {@code sleeps}.
	 */
	private long fineGrainedUntil = System.nanoTime();

	private final PauseWitnesses witnesses = new PauseWitnesses();

	/** When this thread woke up, or last checked for a pause since. */
	private long awakeSince;

	private long endOfSecond;

	/** CPU time recorded by {@link #recordOwnUsage()}, or -1 if it is unknown. */
	private long cpu = -1;

	private long waits;

	/** How often this thread has slept since then: sleeps count as waits, too. */
	private long sleeps;

	/** Guarded by this object, as is {@code lastFailureLogged}. */
	private long failures;

	private long lastFailureLogged;

	MonitorThread(EventLoopMonitor monitor) {
		this.monitor = monitor;
	}

	synchronized void start() {
		if (this.thread == null) {
			Thread started = DaemonThread.create(this, THREAD_NAME, MonitorThread.class.getClassLoader());
			this.thread = started;
			started.start();
		}
	}

	void stop() {
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
			this.monitor.collections().open();
		}
		catch (Throwable ex) {
			failed(ex);
		}
		this.endOfSecond = System.nanoTime() + SECOND_NANOS;
		while (this.thread == Thread.currentThread()) {
			try {
				tick();
			}
			catch (Throwable ex) {
				failed(ex);
				LockSupport.parkNanos(this, SECOND_NANOS);
				Thread.interrupted();
			}
		}
		this.monitor.collections().close();
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
		this.awakeSince = System.nanoTime();
		long sleep = poll();
		detectPause();
		long now = System.nanoTime();
		sleepUntil(now + Math.max(0, Math.min(sleep, this.endOfSecond - now)));
		now = System.nanoTime();
		if (now - this.endOfSecond >= 0) {
			rememberReadings();
			this.awakeSince = now;
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
			this.sleeps++;
			// A pending interrupt would turn the sleep into a busy loop.
			Thread.interrupted();
			now = System.nanoTime();
			checkWakeUp(planned, now);
		}
	}

	/**
	 * Remember the current readings of the loops. Called before any period in which this
	 * thread may be late.
	 */
	void rememberReadings() {
		this.witnesses.remember(this.monitor.views());
	}

	/**
	 * Add a pause if this thread woke up late, unless garbage collection explains it: the
	 * collector reports its pause itself, to the millisecond, and waking up takes
	 * slightly longer.
	 */
	void checkWakeUp(long planned, long now) {
		if (now - planned >= SUSPICIOUS_NANOS) {
			this.fineGrainedUntil = now + FINE_GRAINED_NANOS;
		}
		if (now - planned >= SHORTEST_PAUSE_NANOS && now - planned - collected(planned, now) >= SHORTEST_PAUSE_NANOS) {
			addPause(planned, now);
		}
	}

	/**
	 * Add a period in which this thread did not run. It is a pause of the process unless
	 * the record of a loop proves that the process ran: then only this thread was starved
	 * of CPU. At the end of a pause a busy machine may schedule other threads first, so
	 * the pause need not have been possible for the whole period.
	 */
	private void addPause(long from, long to) {
		boolean processRan = this.witnesses.longestPossiblePause(from, to) < (to - from) * MIN_PAUSE_SHARE;
		(processRan ? this.monitor.starvation() : this.monitor.pauses()).add(from, to);
	}

	private long collected(long from, long to) {
		return this.monitor.collectingNanos(from, to);
	}

	private long poll() {
		try {
			return this.monitor.poll();
		}
		catch (Throwable ex) {
			failed(ex);
			return SECOND_NANOS;
		}
	}

	private void endSecond() {
		try {
			recordOwnUsage();
			this.monitor.endSecond();
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	/**
	 * Log a failure, at most once a minute. Never throws, not even if there is no memory.
	 * @param failure the exception or error
	 */
	synchronized void failed(Throwable failure) {
		long number = ++this.failures;
		long now = System.nanoTime();
		if (number == 1 || now - this.lastFailureLogged >= FAILURE_LOG_INTERVAL_NANOS) {
			try {
				this.failureLog.announce(() -> logger.log(Level.WARNING,
						"Event loop monitor caught a failure and keeps monitoring (failure " + number
								+ " so far, logged at most once a minute)",
						failure));
				this.lastFailureLogged = now;
			}
			catch (Throwable ex) {
				// The next failure is logged instead.
			}
		}
	}

	/**
	 * Record the CPU time and the waits of this thread. Once a second, because reading
	 * them takes longer than a poll of the loops.
	 */
	private void recordOwnUsage() {
		this.cpu = this.cpuClock.nanosOf(Thread.currentThread());
		this.waits = waits();
		this.sleeps = 0;
	}

	/**
	 * Add a pause if the process was paused while this thread was awake, since the last
	 * check: no wake-up was late then. The other reasons for taking this long are a
	 * listener that blocks, which shows in the waits of this thread, or computes, which
	 * shows in its CPU time. Does nothing on other threads.
	 * @return whether a pause was added
	 */
	boolean detectPause() {
		if (this.thread != Thread.currentThread()) {
			return false;
		}
		boolean paused = false;
		long now = System.nanoTime();
		// If the CPU time is unknown, a pause looks the same as a listener that computes.
		if (this.cpu >= 0 && now - this.awakeSince >= LONGEST_WORK_NANOS && waits() == this.waits + this.sleeps) {
			long pauseNanos = now - this.awakeSince - collected(this.awakeSince, now)
					- (this.cpuClock.nanosOf(Thread.currentThread()) - this.cpu);
			if (pauseNanos >= LONGEST_WORK_NANOS) {
				addPause(now - pauseNanos, now);
				paused = true;
			}
		}
		this.awakeSince = now;
		return paused;
	}

	@SuppressWarnings("deprecation") // threadId() came with JDK 19
	private long waits() {
		ThreadInfo thread = this.threads.getThreadInfo(Thread.currentThread().getId());
		return thread.getWaitedCount() + thread.getBlockedCount();
	}

}
