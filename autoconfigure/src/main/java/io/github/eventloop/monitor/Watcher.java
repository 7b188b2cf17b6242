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
 * The one thread that looks after the loops. It wakes up about eleven times a second; how
 * late it does so tells of pauses of the whole process. Whatever happens, it goes on
 * until it is stopped: without it, the status would stay for ever what it was.
 */
final class Watcher implements Runnable {

	static final String THREAD_NAME = "eventloop-monitor";

	private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

	/**
	 * What a busy machine does to any thread that wakes up is no pause of the process.
	 */
	private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	/** Of a time in which this thread did not run, if it is to be called a pause. */
	private static final double LEAST_SHARE_OF_PAUSE = 0.75;

	/** What is done while awake takes less. */
	private static final long LONGEST_WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	/** Not worth to be told of, but a reason to look out for more. */
	private static final long SUSPICIOUS_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/**
	 * Longer than some of the periods of 100 ms in which Linux gives out the CPU time of
	 * a quota: who has used it up stands still until the next.
	 */
	private static final long WARY_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

	/** So much of a pause may go by unnoticed while there are some. */
	private static final long WARY_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long FAILURE_LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

	private static final Logger logger = System.getLogger(EventLoopMonitor.class.getName());

	private final EventLoopMonitor monitor;

	private final ThreadCpuClock cpuClock = new ThreadCpuClock();

	/** Kept, for it takes longer to find than to ask. */
	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	/**
	 * The thread that shall go on, or {@code null} if none shall. Volatile: written under
	 * this watcher's monitor, read by the thread itself.
	 */
	private volatile @Nullable Thread thread;

	/**
	 * A thread that was stopped, and may still be held up by a listener. Volatile:
	 * written under this watcher's monitor, read by the next thread.
	 */
	private volatile @Nullable Thread former;

	/** What it fails with. Not by the thread itself, for a log may take its time. */
	private final Announcer lines = Announcer.ofLog(8);

	/**
	 * Until when to look out for pauses. Only the watching thread uses it, as what
	 * follows.
	 */
	private long waryUntil = System.nanoTime();

	private final RunWitnesses witnesses = new RunWitnesses();

	/** When it woke up, or last looked for a standstill since. */
	private long awakeSince;

	private long endOfSecond;

	/** What {@link #noteOwn()} noted: CPU time, or -1 if it is not known. */
	private long cpu = -1;

	private long waits;

	/** How often this thread has slept since, which are waits, too. */
	private long sleeps;

	/** Guarded by this watcher's monitor, as the next one is. */
	private long failures;

	private long lastFailureLogged;

	Watcher(EventLoopMonitor monitor) {
		this.monitor = monitor;
	}

	synchronized void start() {
		if (this.thread == null) {
			Thread started = DaemonThread.create(this, THREAD_NAME, Watcher.class.getClassLoader());
			this.thread = started;
			started.start();
		}
	}

	void stop() {
		Thread stopped;
		synchronized (this) {
			stopped = this.thread;
			this.thread = null;
			// One that has waited for another in vain is not the one to wait for.
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
				turn();
			}
			catch (Throwable ex) {
				failed(ex);
				LockSupport.parkNanos(this, SECOND_NANOS);
				Thread.interrupted();
			}
		}
		this.monitor.collections().close();
	}

	/** What only one thread may use is the former's until it has ended. */
	private void awaitFormer() {
		Thread former = this.former;
		while (former != null && former.isAlive() && this.thread == Thread.currentThread()) {
			try {
				former.join(TimeUnit.SECONDS.toMillis(1));
			}
			catch (InterruptedException ex) {
				// Whether to go on is for the field to say.
			}
		}
	}

	private void turn() {
		rememberLoops();
		this.awakeSince = System.nanoTime();
		long sleep = look();
		noteStandstill();
		long now = System.nanoTime();
		sleepUntil(now + Math.max(0, Math.min(sleep, this.endOfSecond - now)));
		now = System.nanoTime();
		if (now - this.endOfSecond >= 0) {
			rememberLoops();
			this.awakeSince = now;
			endSecond();
			noteStandstill();
			this.endOfSecond += SECOND_NANOS;
			// After a long pause there is one long second, not many short ones.
			this.endOfSecond = (this.endOfSecond - now > 0) ? this.endOfSecond : now + SECOND_NANOS;
		}
	}

	/**
	 * Sleep, in steps where there have been pauses lately. Whoever is stopped in his
	 * sleep wakes up when a quota is filled again. If he then slept for as long as it
	 * lasts, he would wake up when it is filled the next time, and be late no more while
	 * everything else stands still in between.
	 */
	private void sleepUntil(long wakeUp) {
		long now = System.nanoTime();
		while (now - wakeUp < 0 && this.thread == Thread.currentThread()) {
			long step = (now - this.waryUntil < 0) ? Math.min(wakeUp - now, WARY_STEP_NANOS) : wakeUp - now;
			long planned = now + step;
			rememberLoops();
			LockSupport.parkNanos(this, step);
			this.sleeps++;
			// Somebody else's interrupt must not turn the sleep into a spin.
			Thread.interrupted();
			now = System.nanoTime();
			noteLateness(planned, now);
		}
	}

	/**
	 * Remember how far the loops have come, to be called before a time in which this
	 * thread may be late.
	 */
	void rememberLoops() {
		this.witnesses.remember(this.monitor.recorders());
	}

	/**
	 * Take it for a pause that this thread woke up late, unless it was a collector that
	 * held it up: that one tells to the millisecond how long it did, and waking up takes
	 * some more.
	 */
	void noteLateness(long planned, long now) {
		if (now - planned >= SUSPICIOUS_NANOS) {
			this.waryUntil = now + WARY_NANOS;
		}
		if (now - planned >= SHORTEST_PAUSE_NANOS && now - planned - collected(planned, now) >= SHORTEST_PAUSE_NANOS) {
			stoodStill(planned, now);
		}
	}

	/**
	 * This thread was not running. Neither was the process, unless a loop proves that it
	 * was: then this thread alone was not given a CPU. At the end of a pause a busy
	 * machine may let others run first, so that not all of it needs to be proved.
	 */
	private void stoodStill(long from, long to) {
		boolean processRan = this.witnesses.longestStandstill(from, to) < (to - from) * LEAST_SHARE_OF_PAUSE;
		(processRan ? this.monitor.starvation() : this.monitor.pauses()).add(from, to);
	}

	private long collected(long from, long to) {
		return this.monitor.collectingNanos(from, to);
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
			noteOwn();
			this.monitor.endSecond();
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	/**
	 * Log a failure, at most once a minute. Never throws: that there is no memory may be
	 * what failed.
	 * @param failure what was thrown
	 */
	synchronized void failed(Throwable failure) {
		long number = ++this.failures;
		long now = System.nanoTime();
		if (number == 1 || now - this.lastFailureLogged >= FAILURE_LOG_INTERVAL_NANOS) {
			try {
				this.lines.announce(() -> logger.log(Level.WARNING,
						"Event loops are still watched, but something failed on the way (failure " + number
								+ " so far, logged at most once a minute)",
						failure));
				this.lastFailureLogged = now;
			}
			catch (Throwable ex) {
				// One of those that follow will be told of.
			}
		}
	}

	/**
	 * Note what this thread has done so far. Once a second, for to ask takes longer than
	 * a look at the loops.
	 */
	private void noteOwn() {
		this.cpu = this.cpuClock.nanosOf(Thread.currentThread());
		this.waits = waits();
		this.sleeps = 0;
	}

	/**
	 * Look whether the process stood still while this thread was awake, since it was last
	 * looked: nothing was late then that could tell. What else takes so long is a
	 * listener that blocks, which shows in the waits of this second, or computes, which
	 * shows in its CPU time. Does nothing on another thread.
	 * @return whether it did
	 */
	boolean noteStandstill() {
		if (this.thread != Thread.currentThread()) {
			return false;
		}
		boolean stoodStill = false;
		long now = System.nanoTime();
		// Without its CPU time, a listener that computes would look the same.
		if (this.cpu >= 0 && now - this.awakeSince >= LONGEST_WORK_NANOS && waits() == this.waits + this.sleeps) {
			long still = now - this.awakeSince - collected(this.awakeSince, now)
					- (this.cpuClock.nanosOf(Thread.currentThread()) - this.cpu);
			if (still >= LONGEST_WORK_NANOS) {
				stoodStill(now - still, now);
				stoodStill = true;
			}
		}
		this.awakeSince = now;
		return stoodStill;
	}

	@SuppressWarnings("deprecation") // threadId() came with JDK 19
	private long waits() {
		ThreadInfo thread = this.threads.getThreadInfo(Thread.currentThread().getId());
		return thread.getWaitedCount() + thread.getBlockedCount();
	}

}
