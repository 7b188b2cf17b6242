package io.github.eventloop.monitor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * What one event loop notes about itself: when it began to wait in its poll, when the
 * poll returned, and when it turned from events to tasks. Everything else that this
 * library reports is computed from these notes by other threads.
 * <p>
 * Threading: the methods that note something are called by the loop's own thread only,
 * allocate nothing, take no lock and never throw. Any thread may read. The notes are
 * published under a sequence count (a seqlock with one writer): {@code version} is odd
 * while the fields change, and a reader repeats its reads until it saw the same even
 * version before and after. On x86 that costs the loop plain stores.
 * <p>
 * For a loop that notes nothing itself, whoever sends it tasks notes that it has been
 * {@link #asked}, and the task that it has {@link #answered}. These two take turns, and
 * hand this recorder over to each other with the task and with the news that it has run:
 * there is one writer at a time, who sees all that the one before has written.
 * <p>
 * All instants are {@link System#nanoTime()}.
 *
 * @since 0.1.0
 */
public final class LoopRecorder {

	/**
	 * A poll that returns sooner than this did not sleep: going to sleep and being woken
	 * takes a Linux thread longer. It found its events waiting, and counts as work.
	 */
	private static final long SHORTEST_SLEEP_NANOS = 5_000;

	/** So late a busy machine lets a thread go on that had no need to wait. */
	private static final long LONGEST_DETOUR_NANOS = 1_000_000;

	private static final int NOT_STARTED = 0;

	private static final int ACTIVE = 1;

	private static final int WAITING = 2;

	private static final int STOPPED = 3;

	private static final VarHandle VERSION;

	private static final VarHandle TASKS_SINCE;

	private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(int[].class);

	private static final VarHandle SINGLED_OUT_FROM;

	private static final VarHandle NOTED_FROM;

	private static final VarHandle STEPS;

	private static final VarHandle STEPS_BEFORE;

	private static final VarHandle REQUEST;

	/**
	 * How many long iterations a reader may come late for: at 100 ms each, 3 seconds.
	 */
	private static final int NOTED_ITERATIONS = 32;

	/**
	 * How many readers may wait for the end of an iteration at about the same time.
	 */
	private static final int AWAITED_ITERATIONS = 8;

	/** Every iteration is longer. */
	private static final long ANY_LENGTH = -1;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			VERSION = lookup.findVarHandle(LoopRecorder.class, "version", long.class);
			TASKS_SINCE = lookup.findVarHandle(LoopRecorder.class, "tasksSince", long.class);
			SINGLED_OUT_FROM = lookup.findVarHandle(LoopRecorder.class, "singledOutFrom", long.class);
			NOTED_FROM = lookup.findVarHandle(LoopRecorder.class, "notedFrom", long.class);
			STEPS = lookup.findVarHandle(LoopRecorder.class, "steps", long.class);
			STEPS_BEFORE = lookup.findVarHandle(LoopRecorder.class, "stepsBefore", long.class);
			REQUEST = lookup.findVarHandle(LoopRecorder.class, "request", ExecutingRequest.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** Read by readers only: the loop brings its own instants. */
	private final LongSupplier clock;

	private final long createdAt;

	/**
	 * The loop's thread, or {@code null} before it started. Volatile: set once a start.
	 */
	private volatile @Nullable Thread thread;

	/**
	 * What the operating system calls that thread. Volatile: written once a start, after
	 * {@code thread} if somebody else noted that.
	 */
	private volatile long osThreadId = OsThread.UNKNOWN;

	/** Whether the thread was asked for that. Used by the one writer. */
	private boolean identified;

	/** Accessed through {@code VERSION} only: see the class comment. */
	@SuppressWarnings("unused")
	private long version;

	// Guarded by the sequence count, from here to the blank line.
	private int phase = NOT_STARTED;

	private long phaseSince;

	private long idleNanos;

	private long ioNanos;

	private long taskNanos;

	private long iterations;

	private long events;

	private long eventsWaiting;

	private double lagArea;

	/**
	 * When the iteration in progress turned from events to tasks, or 0 before. Written
	 * opaquely inside an iteration and reset under the sequence count: a reader that saw
	 * one version throughout saw the value of that iteration.
	 */
	@SuppressWarnings("unused")
	private long tasksSince;

	/**
	 * How many iterations ended in each bucket of {@link DurationBuckets}, modulo 2^32.
	 * One writer, which writes each opaquely. Readers copy them plainly once they have
	 * read the version with acquire: they may miss the newest iterations, which they then
	 * find the next time.
	 */
	private final int[] counts = new int[DurationBuckets.COUNT];

	/**
	 * An iteration longer than this is recorded by itself: {@link #ANY_LENGTH} while a
	 * reader waits for the end of the one in progress, otherwise {@code notedFrom}. One
	 * field for both, so that the loop compares once. Opaque for the loop, which sets it
	 * back: an iteration that ends while a reader sets it may be missed, as the reader
	 * finds out.
	 */
	@SuppressWarnings("unused")
	private long singledOutFrom = Long.MAX_VALUE;

	/**
	 * An iteration longer than this is long. Opaque: lowered by monitors, and a loop that
	 * learns of it an iteration late misses nothing that they asked for.
	 */
	@SuppressWarnings("unused")
	private long notedFrom = Long.MAX_VALUE;

	/** The newest long iterations. Written by the loop only. */
	private final RecentIterations noted = new RecentIterations(NOTED_ITERATIONS);

	/** The newest iterations whose end a reader waited for. Written by the loop only. */
	private final RecentIterations awaited = new RecentIterations(AWAITED_ITERATIONS);

	/**
	 * How many tasks and requests the loop has begun with. One writer, opaque access: it
	 * only has to be seen to move while the loop is busy.
	 */
	@SuppressWarnings("unused")
	private long steps;

	/**
	 * The request whose code the loop is in. Written by the loop's thread with release,
	 * so that whoever reads it with acquire sees the request as it was then.
	 */
	@SuppressWarnings("unused")
	private @Nullable ExecutingRequest request;

	/** Requests arrive on the loop's thread and may end on any: atomic. */
	private final AtomicInteger inFlightRequests = new AtomicInteger();

	/**
	 * Whether the poll that returned last had not slept. Only the loop's thread reads it.
	 */
	private boolean found;

	/** Only the loop's thread uses these. */
	private int iterationEvents;

	private long endedNanos;

	/**
	 * How long the iteration was during which the events at hand became ready, or 0 if
	 * the loop was waiting for them. Only the loop's thread uses it.
	 */
	private long precedingNanos;

	/** The steps before the iteration in progress. As {@code steps}. */
	@SuppressWarnings("unused")
	private long stepsBefore;

	/**
	 * Create a recorder for a loop that has not started yet.
	 */
	public LoopRecorder() {
		this(System::nanoTime);
	}

	LoopRecorder(LongSupplier clock) {
		this.clock = clock;
		this.createdAt = clock.getAsLong();
	}

	/**
	 * Note that the loop's thread runs.
	 * @param now the current instant
	 */
	public void started(long now) {
		this.osThreadId = OsThread.currentId();
		this.thread = Thread.currentThread();
		beginChange();
		this.phase = ACTIVE;
		this.phaseSince = now;
		TASKS_SINCE.setOpaque(this, 0L);
		endChange();
	}

	/**
	 * Note that the loop's thread runs no more.
	 * @param now the current instant
	 */
	public void stopped(long now) {
		if (this.phase == STOPPED) {
			return;
		}
		if (this.phase == ACTIVE) {
			count(now);
		}
		beginChange();
		if (this.phase == ACTIVE) {
			endIteration(now);
		}
		this.phase = STOPPED;
		this.phaseSince = now;
		endChange();
	}

	/**
	 * Note that the loop is about to wait in its poll because there is nothing to do:
	 * this ends an iteration.
	 * @param now the current instant
	 */
	public void waiting(long now) {
		this.endedNanos = now - this.phaseSince;
		count(now);
		beginChange();
		endIteration(now);
		this.phase = WAITING;
		this.phaseSince = now;
		endChange();
	}

	/**
	 * Note that the poll returned: this begins an iteration, and ends one if the poll was
	 * not allowed to wait.
	 * @param now the current instant
	 */
	public void polled(long now) {
		long elapsed = now - this.phaseSince;
		boolean waited = this.phase == WAITING;
		this.found = !waited || elapsed < SHORTEST_SLEEP_NANOS;
		if (!waited) {
			this.endedNanos = elapsed;
			count(now);
		}
		beginChange();
		if (!waited) {
			endIteration(now);
		}
		else if (this.found) {
			this.ioNanos += elapsed;
		}
		else {
			this.idleNanos += elapsed;
		}
		this.phase = ACTIVE;
		this.phaseSince = now;
		TASKS_SINCE.setOpaque(this, 0L);
		endChange();
		this.iterationEvents = 0;
		// To find out that there are events already takes a busy machine longer than an
		// idle one: a wait that is short beside the iteration before it is no wait.
		boolean queued = this.found || elapsed < Math.min(this.endedNanos / 8, LONGEST_DETOUR_NANOS);
		this.precedingNanos = queued ? this.endedNanos : 0;
		STEPS_BEFORE.setOpaque(this, this.steps);
	}

	/**
	 * Note how many events the poll that returned last had found; they have been handled
	 * by now.
	 * @param handled the number of events
	 */
	public void handled(int handled) {
		if (handled > 0) {
			this.iterationEvents = handled;
			beginChange();
			this.events += handled;
			if (this.found) {
				this.eventsWaiting += handled;
			}
			endChange();
		}
	}

	/**
	 * Note that the loop turns to its tasks.
	 * @param now the current instant, or the instant at which the poll returned if it had
	 * found no events
	 */
	public void tasksStarted(long now) {
		TASKS_SINCE.setOpaque(this, now);
	}

	/**
	 * Note that the loop begins with another of its tasks.
	 */
	public void taskStarted() {
		STEPS.setOpaque(this, this.steps + 1);
	}

	/**
	 * Note whose code the loop executes from now on.
	 * @param request the request, or {@code null} if it is nobody's
	 * @return the request that the loop was executing before, to be noted again when the
	 * code has returned
	 */
	public @Nullable ExecutingRequest execute(@Nullable ExecutingRequest request) {
		ExecutingRequest before = this.request;
		REQUEST.setRelease(this, request);
		return before;
	}

	/**
	 * Note that a request arrived on the loop. May be called by any thread.
	 */
	public void requestStarted() {
		this.inFlightRequests.incrementAndGet();
		if (Thread.currentThread() == this.thread) {
			STEPS.setOpaque(this, this.steps + 1);
		}
	}

	/**
	 * Note that a request that arrived on the loop has been answered or given up. May be
	 * called by any thread.
	 */
	public void requestEnded() {
		this.inFlightRequests.decrementAndGet();
	}

	/**
	 * Return the number of requests that arrived on the loop and were not answered yet.
	 * @return the number
	 */
	public int inFlightRequests() {
		return Math.max(0, this.inFlightRequests.get());
	}

	/**
	 * Return how long an event has waited that the loop handles at this instant: since
	 * its poll returned and, if the poll found it waiting, on average half of the
	 * iteration before. To be called by code that runs on the loop.
	 * @return the lag in nanoseconds
	 */
	public long lagNanos() {
		return Math.max(0, this.clock.getAsLong() - this.phaseSince) + this.precedingNanos / 2;
	}

	/**
	 * Return the instant at which the iteration in progress began. Only meaningful on the
	 * loop's thread.
	 * @return the instant
	 */
	public long iterationSince() {
		return this.phaseSince;
	}

	/**
	 * Note, for a loop that notes nothing itself, that a task is being sent to it: until
	 * the task runs, the loop is taken to be in one iteration. To be called by the
	 * sender, before it sends, and not again before the task has {@link #answered}.
	 * @param thread the loop's thread
	 * @param now the current instant
	 */
	public void asked(Thread thread, long now) {
		if (this.thread != thread) {
			this.osThreadId = OsThread.UNKNOWN;
			this.identified = false;
			this.thread = thread;
		}
		beginChange();
		if (this.phase == WAITING) {
			this.idleNanos += now - this.phaseSince;
		}
		this.phase = ACTIVE;
		this.phaseSince = now;
		TASKS_SINCE.setOpaque(this, 0L);
		endChange();
	}

	/**
	 * Note, for a loop that notes nothing itself, that the task runs which was sent to
	 * it. To be called by that task. A wait that is as short as it takes to wake up a
	 * thread is none: it cannot be told from an idle loop.
	 * @param now the current instant
	 */
	public void answered(long now) {
		if (!this.identified) {
			this.identified = true;
			this.osThreadId = OsThread.currentId();
		}
		waiting((now - this.phaseSince < LONGEST_DETOUR_NANOS) ? this.phaseSince : now);
	}

	/**
	 * Note, for a loop that notes nothing itself, that it did not take the task which was
	 * sent to it. To be called by the sender.
	 */
	public void refused() {
		beginChange();
		this.phase = WAITING;
		endChange();
	}

	private void endIteration(long now) {
		long tasks = (long) TASKS_SINCE.getOpaque(this);
		if (tasks == 0) {
			this.ioNanos += now - this.phaseSince;
		}
		else {
			this.ioNanos += tasks - this.phaseSince;
			this.taskNanos += now - tasks;
		}
		this.iterations++;
		this.lagArea += area(now - this.phaseSince);
	}

	/**
	 * What becomes ready at the beginning of an iteration waits for all of its length,
	 * and at its end for nothing: a triangle.
	 */
	private static double area(double nanos) {
		return nanos * nanos / 2;
	}

	private void count(long now) {
		long nanos = now - this.phaseSince;
		int index = DurationBuckets.indexOf(nanos);
		COUNTS.setOpaque(this.counts, index, (int) COUNTS.getOpaque(this.counts, index) + 1);
		if (nanos > (long) SINGLED_OUT_FROM.getOpaque(this)) {
			singleOut(now);
		}
	}

	private void singleOut(long now) {
		long longFrom = (long) NOTED_FROM.getOpaque(this);
		if ((long) SINGLED_OUT_FROM.getOpaque(this) == ANY_LENGTH) {
			SINGLED_OUT_FROM.setOpaque(this, longFrom);
			add(this.awaited, now);
		}
		if (now - this.phaseSince > longFrom) {
			add(this.noted, now);
		}
	}

	private void add(RecentIterations iterations, long now) {
		long tasks = (long) TASKS_SINCE.getOpaque(this);
		iterations.add(this.phaseSince, now, this.iterationEvents, this.steps - this.stepsBefore,
				((tasks != 0) ? tasks : now) - this.phaseSince);
	}

	private void beginChange() {
		VERSION.setOpaque(this, (long) VERSION.getOpaque(this) + 1);
		// The odd version must be visible before any of the changes.
		VarHandle.storeStoreFence();
	}

	private void endChange() {
		// Release: the changes must be visible before the even version.
		VERSION.setRelease(this, (long) VERSION.getOpaque(this) + 1);
	}

	/**
	 * Return when this recorder was made.
	 * @return the instant
	 */
	long createdAt() {
		return this.createdAt;
	}

	/**
	 * Return the loop's thread.
	 * @return the thread, or {@code null} if it was never started
	 */
	public @Nullable Thread thread() {
		return this.thread;
	}

	/**
	 * Return what the operating system calls the loop's thread.
	 * @return the number, or -1 if it is not known: before the thread started, and on
	 * other systems than Linux
	 */
	public long osThreadId() {
		return (this.thread != null) ? this.osThreadId : OsThread.UNKNOWN;
	}

	/**
	 * Return how many tasks and requests the loop has begun with in the iteration in
	 * progress. A loop that is busy and makes no such steps is in one piece of code.
	 * @return the number; only meaningful while an iteration is in progress
	 */
	public long iterationSteps() {
		return Math.max(0, (long) STEPS.getOpaque(this) - (long) STEPS_BEFORE.getOpaque(this));
	}

	/**
	 * Return the request whose code the loop is in.
	 * @return the request, or {@code null} if it is in nobody's or if it is not known
	 */
	public @Nullable ExecutingRequest request() {
		return (ExecutingRequest) REQUEST.getAcquire(this);
	}

	/**
	 * Have iterations noted one by one from some length on, if they are not yet.
	 * @param nanos an iteration longer than this is noted, and others may be too
	 */
	void noteIterationsFrom(long nanos) {
		lower(NOTED_FROM, nanos);
		// If the loop sets it back at this instant, it does so to the length before, and
		// puts that right with the next iteration that a reader waits for.
		lower(SINGLED_OUT_FROM, nanos);
	}

	private void lower(VarHandle length, long nanos) {
		long before = (long) length.getOpaque(this);
		while (nanos < before && !length.compareAndSet(this, before, nanos)) {
			before = (long) length.getOpaque(this);
		}
	}

	/**
	 * Return from which length on iterations are noted.
	 * @return the length in nanoseconds
	 */
	long notedFrom() {
		return (long) NOTED_FROM.getOpaque(this);
	}

	/**
	 * Return how many long iterations were noted so far.
	 * @return the number
	 */
	long notedCount() {
		return this.noted.count();
	}

	/**
	 * Return one of the noted iterations.
	 * @param number which one, from 0 to {@link #notedCount()} - 1
	 * @return the iteration, or {@code null} if the reader came too late for it
	 */
	@Nullable LongIteration noted(long number) {
		return this.noted.get(number);
	}

	/**
	 * Have the next iteration that ends recorded by itself, however short it is. To be
	 * called before {@link #read()}, so that it is the one that is in progress then: if
	 * this recorder does not {@link #awaitsEnd()} any more after that, it may have been
	 * the one before.
	 * @return the number to ask {@link #awaited(long)} for
	 */
	long awaitEnd() {
		long number = this.awaited.count();
		// Volatile: must be visible to the loop before the caller reads what it does.
		SINGLED_OUT_FROM.setVolatile(this, ANY_LENGTH);
		return number;
	}

	/**
	 * Return whether no iteration has ended since {@link #awaitEnd()}.
	 * @return whether the end is still to come
	 */
	boolean awaitsEnd() {
		return (long) SINGLED_OUT_FROM.getVolatile(this) == ANY_LENGTH;
	}

	/**
	 * Return an iteration whose end a reader waited for.
	 * @param number what {@link #awaitEnd()} returned
	 * @return the iteration, or {@code null} if it has not ended yet or the reader is too
	 * late for it
	 */
	@Nullable LongIteration awaited(long number) {
		return (number < this.awaited.count()) ? this.awaited.get(number) : null;
	}

	/**
	 * Read what the loop noted up to now, the phase in progress included. May be called
	 * by any thread at any time.
	 * @return a consistent reading
	 */
	public Reading read() {
		for (int attempt = 1;; attempt++) {
			long before = (long) VERSION.getAcquire(this);
			if ((before & 1) == 0) {
				Reading reading = readFields();
				// Acquire: the fields must be read before the version is read again.
				VarHandle.acquireFence();
				if ((long) VERSION.getOpaque(this) == before) {
					return reading;
				}
			}
			// The loop may have lost its CPU in the middle of a change: let it have ours.
			if (attempt % 16 == 0) {
				LockSupport.parkNanos(1_000);
			}
			else {
				Thread.onSpinWait();
			}
		}
	}

	/**
	 * Return when the loop last began to wait or to work.
	 * @return the instant; only meaningful if the loop has started
	 */
	long phaseSince() {
		while (true) {
			long before = (long) VERSION.getAcquire(this);
			long since = this.phaseSince;
			// Acquire: the field must be read before the version is read again.
			VarHandle.acquireFence();
			if ((before & 1) == 0 && (long) VERSION.getOpaque(this) == before) {
				return since;
			}
			LockSupport.parkNanos(1_000);
		}
	}

	/**
	 * Read what the loop noted up to now without waiting for it: for loops that look at
	 * each other.
	 * @return a consistent reading, or {@code null} if the loop keeps changing its notes,
	 * or has lost its CPU in the middle of a change
	 */
	public @Nullable Reading tryRead() {
		for (int attempt = 0; attempt < 8; attempt++) {
			long before = (long) VERSION.getAcquire(this);
			if ((before & 1) == 0) {
				Reading reading = readFields();
				VarHandle.acquireFence();
				if ((long) VERSION.getOpaque(this) == before) {
					return reading;
				}
			}
		}
		return null;
	}

	private Reading readFields() {
		int phase = this.phase;
		long since = this.phaseSince;
		long tasks = (long) TASKS_SINCE.getOpaque(this);
		long idle = this.idleNanos;
		long io = this.ioNanos;
		long task = this.taskNanos;
		long iterations = this.iterations;
		long events = this.events;
		long eventsWaiting = this.eventsWaiting;
		double lagArea = this.lagArea;
		// Last, so that the phase was still in progress at this instant.
		long now = this.clock.getAsLong();
		long age = Math.max(0, now - since);
		if (phase == WAITING) {
			idle += age;
		}
		else if (phase == ACTIVE) {
			long inTasks = (tasks != 0) ? Math.min(age, Math.max(0, now - tasks)) : 0;
			task += inTasks;
			io += age - inTasks;
			lagArea += area(age);
		}
		return new Reading(now, phase != NOT_STARTED, (phase == ACTIVE) ? age : 0, idle, io, task, iterations, events,
				eventsWaiting, lagArea);
	}

	/**
	 * Copy the counts of ended iterations, by bucket and modulo 2^32. To be called after
	 * {@link #read()}: the counts are as new as what it returned, or newer.
	 * @param target where to copy to
	 */
	void readCounts(int[] target) {
		System.arraycopy(this.counts, 0, target, 0, target.length);
	}

	/**
	 * What a loop had noted at one instant. Immutable.
	 *
	 * @param at the instant
	 * @param started whether the loop's thread was ever started
	 * @param busyNanos the age of the iteration in progress, or 0 if there is none
	 * @param idleNanos the time in polls that slept, since the start
	 * @param ioNanos the time with events and in polls that did not sleep, since the
	 * start
	 * @param taskNanos the time with tasks, since the start
	 * @param iterations the iterations that ended since the start
	 * @param events the events handled since the start
	 * @param eventsWaiting those of them that the poll found waiting
	 * @param lagArea the time that events would have spent waiting since the start if one
	 * became ready each nanosecond, in square nanoseconds. The difference of two readings
	 * divided by the time between them is the mean age of the iterations in progress
	 * then, which over whole iterations is the mean lag
	 */
	public record Reading(long at, boolean started, long busyNanos, long idleNanos, long ioNanos, long taskNanos,
			long iterations, long events, long eventsWaiting, double lagArea) {

		static final Reading ZERO = new Reading(0, false, 0, 0, 0, 0, 0, 0, 0, 0);

		/**
		 * Return the time that the loop did not wait in its poll.
		 * @return the time in nanoseconds since the start
		 */
		public long activeNanos() {
			return this.ioNanos + this.taskNanos;
		}

		/**
		 * Return this reading with no counter below that of an earlier one. A loop takes
		 * the time before it publishes it, and may lose its CPU between the two: a reader
		 * in that gap sees the old phase last a little too long.
		 * @param earlier the earlier reading of the same loop
		 * @return a reading that does not go back
		 */
		Reading notBefore(Reading earlier) {
			return new Reading(this.at, this.started, this.busyNanos, Math.max(this.idleNanos, earlier.idleNanos),
					Math.max(this.ioNanos, earlier.ioNanos), Math.max(this.taskNanos, earlier.taskNanos),
					Math.max(this.iterations, earlier.iterations), Math.max(this.events, earlier.events),
					Math.max(this.eventsWaiting, earlier.eventsWaiting), Math.max(this.lagArea, earlier.lagArea));
		}

	}

}
