package io.github.eventloop.monitor.internal.recorder;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LoopReading;

/**
 * Clock of the phases that an event loop alternates between: it waits in its poll, or it
 * is in an iteration, which handles I/O first and then tasks. Accumulates the time in
 * each phase.
 * <p>
 * The values are plain fields with one writer, published under a sequence count (a
 * seqlock): {@code version} is odd while the fields change, and a reader repeats its
 * reads until it sees the same even version before and after them. The fences are those
 * of H.-J. Boehm, "Can Seqlocks Get Along with Programming Language Memory Models?", MSPC
 * 2012. On x86 the writer executes plain stores only.
 * <p>
 * Progress: the methods of the writer are wait-free, and no reader can delay them.
 * {@link #read()} and {@link #readSince()} may wait for the writer: if it is preempted in
 * the middle of a change, they retry until it runs again. {@link #tryRead()} is
 * wait-free. Readers block neither the writer nor each other.
 * <p>
 * All instants are {@link System#nanoTime()}.
 */
final class PhaseClock {

	private static final int NOT_STARTED = 0;

	private static final int ACTIVE = 1;

	private static final int WAITING = 2;

	private static final int STOPPED = 3;

	private static final VarHandle VERSION;

	private static final VarHandle TASKS_SINCE;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			VERSION = lookup.findVarHandle(PhaseClock.class, "version", long.class);
			TASKS_SINCE = lookup.findVarHandle(PhaseClock.class, "tasksSince", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** Read by readers only: the writer passes its instants as arguments. */
	private final LongSupplier clock;

	/** Accessed through {@code VERSION} only: see the class comment. */
	@SuppressWarnings("unused")
	private long version;

	// Guarded by the sequence count, from here to the blank line.
	private int phase = NOT_STARTED;

	private long since;

	private long idleNanos;

	private long ioNanos;

	private long taskNanos;

	private long iterations;

	private long events;

	private long eventsWaiting;

	private double lagArea;

	/**
	 * When the iteration in progress switched from I/O to tasks, or 0 before. Written
	 * with opaque access inside an iteration and reset under the sequence count: a reader
	 * that sees one version throughout sees the value of that iteration.
	 */
	@SuppressWarnings("unused")
	private long tasksSince;

	PhaseClock(LongSupplier clock) {
		this.clock = clock;
	}

	/** Return the current instant. */
	long now() {
		return this.clock.getAsLong();
	}

	// Methods of the writer

	/** Return when the current phase started. */
	long since() {
		return this.since;
	}

	boolean isActive() {
		return this.phase == ACTIVE;
	}

	boolean isWaiting() {
		return this.phase == WAITING;
	}

	/** Return how much of an iteration that ends now was spent on I/O. */
	long ioNanosUntil(long now) {
		long tasks = (long) TASKS_SINCE.getOpaque(this);
		return ((tasks != 0) ? tasks : now) - this.since;
	}

	/** Return the time since the start that was not spent waiting. */
	long activeNanosUntil(long now) {
		return this.ioNanos + this.taskNanos + (isActive() ? now - this.since : 0);
	}

	/** Start an iteration, and end none. */
	void start(long now) {
		beginChange();
		startIteration(now);
		endChange();
	}

	/** End the phase, and with it the iteration in progress. */
	void stop(long now) {
		if (this.phase != STOPPED) {
			beginChange();
			if (this.phase == ACTIVE) {
				addIteration(now);
			}
			this.phase = STOPPED;
			this.since = now;
			endChange();
		}
	}

	/** End the iteration in progress, and start to wait. */
	void startWaiting(long now) {
		beginChange();
		addIteration(now);
		this.phase = WAITING;
		this.since = now;
		endChange();
	}

	/**
	 * Start an iteration, and end the one in progress if there is one.
	 * @param now the current instant
	 * @param waitCountsAsIo whether the wait before it is I/O: a poll that did not sleep
	 */
	void startIteration(long now, boolean waitCountsAsIo) {
		beginChange();
		if (this.phase == ACTIVE) {
			addIteration(now);
		}
		else if (this.phase == WAITING && waitCountsAsIo) {
			this.ioNanos += now - this.since;
		}
		else if (this.phase == WAITING) {
			this.idleNanos += now - this.since;
		}
		startIteration(now);
		endChange();
	}

	/** Wait again, since the current phase started. */
	void cancelIteration() {
		beginChange();
		this.phase = WAITING;
		endChange();
	}

	/** Switch the iteration in progress from I/O to tasks. */
	void startTasks(long now) {
		TASKS_SINCE.setOpaque(this, now);
	}

	void addEvents(int number, boolean wereWaiting) {
		beginChange();
		this.events += number;
		if (wereWaiting) {
			this.eventsWaiting += number;
		}
		endChange();
	}

	private void startIteration(long now) {
		this.phase = ACTIVE;
		this.since = now;
		TASKS_SINCE.setOpaque(this, 0L);
	}

	private void addIteration(long now) {
		long nanos = now - this.since;
		long io = ioNanosUntil(now);
		this.ioNanos += io;
		this.taskNanos += nanos - io;
		this.iterations++;
		this.lagArea += area(nanos);
	}

	/**
	 * Return the time that events wait for the end of an iteration if one becomes ready
	 * each nanosecond: from its full length at its beginning to 0 at its end, a triangle.
	 * Summed up and divided by the observed time, this is the mean residual life of
	 * renewal theory, E[d²] / (2 E[d]) for consecutive iterations: a random instant falls
	 * into long iterations more often than into short ones (the inspection paradox).
	 */
	private static double area(double nanos) {
		return nanos * nanos / 2;
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

	// Methods of readers

	/** Return the state at this instant, including the phase in progress. */
	LoopReading read() {
		for (int attempt = 1;; attempt++) {
			LoopReading reading = readOnce();
			if (reading != null) {
				return reading;
			}
			// The writer may have been preempted in the middle of a change: yield to it.
			if (attempt % 16 == 0) {
				LockSupport.parkNanos(1_000);
			}
			else {
				Thread.onSpinWait();
			}
		}
	}

	/**
	 * Return the state at this instant, or {@code null} if the writer kept changing it or
	 * was preempted in the middle of a change.
	 */
	@Nullable LoopReading tryRead() {
		for (int attempt = 0; attempt < 8; attempt++) {
			LoopReading reading = readOnce();
			if (reading != null) {
				return reading;
			}
		}
		return null;
	}

	private @Nullable LoopReading readOnce() {
		long before = (long) VERSION.getAcquire(this);
		if ((before & 1) != 0) {
			return null;
		}
		LoopReading reading = readFields();
		// Acquire: the fields must be read before the version is read again.
		VarHandle.acquireFence();
		return ((long) VERSION.getOpaque(this) == before) ? reading : null;
	}

	private LoopReading readFields() {
		int phase = this.phase;
		long since = this.since;
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
		return new LoopReading(now, phase != NOT_STARTED, (phase == ACTIVE) ? age : 0, idle, io, task, iterations,
				events, eventsWaiting, lagArea);
	}

	/** Return when the current phase started; only meaningful if the loop has started. */
	long readSince() {
		while (true) {
			long before = (long) VERSION.getAcquire(this);
			long since = this.since;
			// Acquire: the field must be read before the version is read again.
			VarHandle.acquireFence();
			if ((before & 1) == 0 && (long) VERSION.getOpaque(this) == before) {
				return since;
			}
			LockSupport.parkNanos(1_000);
		}
	}

}
