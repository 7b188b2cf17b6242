package io.github.eventloop.monitor.internal.pause;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.internal.recorder.RecordedView;
import io.github.eventloop.monitor.internal.thread.ThreadCpuClock;

/**
 * Detector for pauses of the whole process, which the garbage collectors report or which
 * delay the monitor thread. If only that thread was delayed, it was starved of CPU, which
 * is recorded separately.
 * <p>
 * The methods that return or add pauses and collections are thread-safe: what they access
 * is guarded by the {@link Pauses} and {@link GarbageCollections} themselves, not by the
 * lock of the {@link EventLoopMonitor}. The others are called by the monitor thread only.
 */
public final class PauseDetector {

	/**
	 * Shortest lateness that counts as a pause of the process. A shorter one is normal
	 * scheduling delay on a busy machine.
	 */
	private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	/**
	 * A period in which the monitor thread did not run counts as a pause only if the
	 * process may have been paused for at least this share of it.
	 */
	private static final double MIN_PAUSE_SHARE = 0.75;

	/** Upper bound for the work of the monitor thread between two sleeps. */
	private static final long LONGEST_WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	/** How long pauses are kept: a stuck iteration may have started long before one. */
	private static final long MEMORY_NANOS = TimeUnit.MINUTES.toNanos(5);

	private final Pauses pauses = new Pauses();

	/** When the monitor thread was not scheduled although the process was running. */
	private final Pauses starvation = new Pauses();

	private final GarbageCollections collections = new GarbageCollections(this.pauses);

	private final ThreadCpuClock cpuClock = new ThreadCpuClock();

	/** Cached: the lookup takes longer than a query. */
	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	/**
	 * Accessed by the monitor thread only, as are the fields below. The next monitor
	 * thread waits for the end of the former one, after which it sees its values.
	 */
	private final PauseWitnesses witnesses = new PauseWitnesses();

	/** When the thread woke up, or last checked for a pause since. */
	private long awakeSince;

	/** CPU time recorded by {@link #recordOwnUsage()}, or -1 if it is unknown. */
	private long cpu = -1;

	private long waits;

	/** How often the thread has slept since then: sleeps count as waits, too. */
	private long sleeps;

	/** Start to receive the notifications of the collectors. */
	public void open() {
		this.collections.open();
	}

	/** Stop receiving them. */
	public void close() {
		this.collections.close();
	}

	/**
	 * Remember the current readings of the loops. Called before any period in which the
	 * thread may be late.
	 * @param loops the views of the loops
	 */
	public void rememberReadings(List<RecordedView> loops) {
		this.witnesses.remember(loops);
	}

	/**
	 * Record that the thread is awake and works.
	 * @param since when it woke up
	 */
	public void wokeUp(long since) {
		this.awakeSince = since;
	}

	/**
	 * Add a pause if the thread woke up late from a sleep, unless garbage collection
	 * explains it: the collector reports its pause itself, to the millisecond, and waking
	 * up takes slightly longer.
	 * @param planned when the thread should have woken up
	 * @param now when it did
	 */
	public void checkWakeUp(long planned, long now) {
		if (now - planned >= SHORTEST_PAUSE_NANOS
				&& now - planned - collectingNanos(planned, now) >= SHORTEST_PAUSE_NANOS) {
			addPauseOrStarvation(planned, now);
		}
	}

	/** Record that the thread has slept. */
	public void slept() {
		this.sleeps++;
	}

	/**
	 * Record the CPU time and the waits of the thread. Once a second, because reading
	 * them takes longer than a poll of the loops.
	 */
	public void recordOwnUsage() {
		this.cpu = this.cpuClock.nanosOf(Thread.currentThread());
		this.waits = waits();
		this.sleeps = 0;
	}

	/**
	 * Add a pause if the process was paused while the thread was awake, since the last
	 * check: no wake-up was late then. The other reasons for taking this long are a
	 * listener that blocks, which shows in the waits of the thread, or computes, which
	 * shows in its CPU time.
	 * @return whether a pause was added
	 */
	public boolean detectPause() {
		boolean paused = false;
		long now = System.nanoTime();
		// If the CPU time is unknown, a pause looks the same as a listener that computes.
		if (this.cpu >= 0 && now - this.awakeSince >= LONGEST_WORK_NANOS && waits() == this.waits + this.sleeps) {
			long pauseNanos = now - this.awakeSince - collectingNanos(this.awakeSince, now)
					- (this.cpuClock.nanosOf(Thread.currentThread()) - this.cpu);
			if (pauseNanos >= LONGEST_WORK_NANOS) {
				addPauseOrStarvation(now - pauseNanos, now);
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

	/**
	 * Add a period in which the thread did not run. It is a pause of the process unless
	 * the record of a loop proves that the process ran: then only the thread was starved
	 * of CPU. At the end of a pause a busy machine may schedule other threads first, so
	 * the pause need not have been possible for the whole period.
	 */
	private void addPauseOrStarvation(long from, long to) {
		boolean processRan = this.witnesses.longestPossiblePause(from, to) < (to - from) * MIN_PAUSE_SHARE;
		if (processRan) {
			this.starvation.add(from, to);
		}
		else {
			add(from, to);
		}
	}

	/**
	 * Add a pause of the process.
	 * @param from the start of the pause
	 * @param to the end of the pause
	 */
	public void add(long from, long to) {
		this.pauses.add(from, to);
	}

	/** Add the last collection of each collector, whose notification may be late. */
	public void catchUp() {
		this.collections.catchUp();
	}

	/**
	 * Return the pauses that have not been accounted for.
	 * @return their lengths in nanoseconds
	 */
	public long[] pending() {
		return this.pauses.pending();
	}

	/**
	 * Return the pauses that have not been accounted for, including the last collections,
	 * and mark them as accounted for. Discards what is older than five minutes.
	 * @param now the current instant
	 * @return their lengths in nanoseconds
	 */
	public long[] account(long now) {
		catchUp();
		long oldest = now - MEMORY_NANOS;
		long[] lengths = this.pauses.account(oldest);
		this.collections.forget(oldest);
		this.starvation.account(oldest);
		return lengths;
	}

	/** Return for how long in a period the process was paused, as far as is known. */
	public long pausedNanos(long from, long to) {
		return this.pauses.within(from, to);
	}

	/** Return for how long in a period it was paused for garbage collection. */
	public long collectingNanos(long from, long to) {
		return this.collections.within(from, to);
	}

	/** Return whether a collector ran concurrently with the application in a period. */
	public boolean collectedConcurrently(long from, long to) {
		return this.collections.cyclesWithin(from, to) > 0;
	}

	/** Return for how long in a period the monitor thread was starved of CPU. */
	public long starvedNanos(long from, long to) {
		return this.starvation.within(from, to);
	}

	/** Return whether all garbage collections are known. */
	public boolean areCollectionsComplete() {
		return this.collections.isUpToDate();
	}

}
