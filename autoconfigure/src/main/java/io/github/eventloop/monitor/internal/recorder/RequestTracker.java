package io.github.eventloop.monitor.internal.recorder;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.ExecutingRequest;

/**
 * Tracker of the work that a loop starts: the requests in flight, the request whose code
 * it executes, and the number of tasks and requests started in an iteration.
 * <p>
 * Progress: wait-free. {@link #requestStarted} and {@link #requestEnded} are called by
 * any thread and are one atomic addition each; the other writing methods are called by
 * the loop's thread only. Any thread may read.
 */
final class RequestTracker {

	private static final VarHandle STARTED;

	private static final VarHandle STARTED_BEFORE;

	private static final VarHandle EXECUTING;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			STARTED = lookup.findVarHandle(RequestTracker.class, "started", long.class);
			STARTED_BEFORE = lookup.findVarHandle(RequestTracker.class, "startedBefore", long.class);
			EXECUTING = lookup.findVarHandle(RequestTracker.class, "executing", ExecutingRequest.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/**
	 * Number of tasks and requests that the loop has started. One writer, opaque access:
	 * readers only need to see it change while the loop is busy.
	 */
	@SuppressWarnings("unused")
	private long started;

	/**
	 * Value of {@code started} at the start of the iteration in progress, with the same
	 * access.
	 */
	@SuppressWarnings("unused")
	private long startedBefore;

	/**
	 * The request whose code the loop executes. Written by the loop's thread with release
	 * and read with acquire, so that readers see the request fully initialized.
	 */
	@SuppressWarnings("unused")
	private @Nullable ExecutingRequest executing;

	/** Atomic: requests start on the loop's thread and may end on any thread. */
	private final AtomicLong arrived = new AtomicLong();

	/** Atomic, for the same reason. Read before {@code arrived}: never more than it. */
	private final AtomicLong ended = new AtomicLong();

	void iterationStarted() {
		STARTED_BEFORE.setOpaque(this, this.started);
	}

	void taskStarted() {
		STARTED.setOpaque(this, this.started + 1);
	}

	@Nullable ExecutingRequest execute(@Nullable ExecutingRequest request) {
		ExecutingRequest before = this.executing;
		EXECUTING.setRelease(this, request);
		return before;
	}

	void requestStarted() {
		this.arrived.incrementAndGet();
	}

	void requestEnded() {
		this.ended.incrementAndGet();
	}

	/** Return the number of tasks and requests started in the iteration in progress. */
	long startedInIteration() {
		return Math.max(0, (long) STARTED.getOpaque(this) - (long) STARTED_BEFORE.getOpaque(this));
	}

	@Nullable ExecutingRequest executing() {
		return (ExecutingRequest) EXECUTING.getAcquire(this);
	}

	long arrived() {
		return this.arrived.get();
	}

	int inFlight() {
		long ended = this.ended.get();
		return (int) Math.max(0, this.arrived.get() - ended);
	}

}
