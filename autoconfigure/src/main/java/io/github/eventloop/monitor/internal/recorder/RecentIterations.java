package io.github.eventloop.monitor.internal.recorder;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LongIteration;

/**
 * Ring buffer of the newest iterations that a loop recorded individually, numbered from
 * 0.
 * <p>
 * One writer, which is wait-free and allocates nothing. Any thread may read, wait-free as
 * well: a reader that is too late gets {@code null}.
 */
final class RecentIterations {

	private static final VarHandle COUNT;

	private static final VarHandle FIELDS = MethodHandles.arrayElementVarHandle(long[].class);

	private static final int FIELDS_OF_ONE = 5;

	static {
		try {
			COUNT = MethodHandles.lookup().findVarHandle(RecentIterations.class, "count", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final int capacity;

	/**
	 * Five values for each iteration, with opaque access. Published by the release of
	 * {@code count}, which readers read again afterwards.
	 */
	private final long[] fields;

	/** The number of iterations added so far. */
	@SuppressWarnings("unused")
	private long count;

	/**
	 * Create a ring buffer.
	 * @param capacity the number of additions that a reader may be late by
	 */
	RecentIterations(int capacity) {
		this.capacity = capacity;
		this.fields = new long[capacity * FIELDS_OF_ONE];
	}

	/** Add an iteration. Called by the writer only. */
	void add(long startedAt, long endedAt, long events, long tasksStarted, long ioNanos) {
		long number = this.count;
		int slot = slotOf(number);
		// The previous count must be visible before these values, so that a reader of a
		// reused slot detects the reuse by the count.
		VarHandle.storeStoreFence();
		FIELDS.setOpaque(this.fields, slot, startedAt);
		FIELDS.setOpaque(this.fields, slot + 1, endedAt);
		FIELDS.setOpaque(this.fields, slot + 2, events);
		FIELDS.setOpaque(this.fields, slot + 3, tasksStarted);
		FIELDS.setOpaque(this.fields, slot + 4, ioNanos);
		COUNT.setRelease(this, number + 1);
	}

	/**
	 * Return the number of iterations added so far.
	 * @return the number
	 */
	long count() {
		return (long) COUNT.getAcquire(this);
	}

	/**
	 * Return one of the iterations.
	 * @param number its number, from 0 to {@link #count()} - 1
	 * @return the iteration, or {@code null} if it has been or may be overwritten
	 */
	@Nullable LongIteration get(long number) {
		int slot = slotOf(number);
		LongIteration iteration = new LongIteration((long) FIELDS.getOpaque(this.fields, slot),
				(long) FIELDS.getOpaque(this.fields, slot + 1), (long) FIELDS.getOpaque(this.fields, slot + 2),
				(long) FIELDS.getOpaque(this.fields, slot + 3), (long) FIELDS.getOpaque(this.fields, slot + 4));
		// Acquire: the fields must be read before the count is read again.
		VarHandle.acquireFence();
		return ((long) COUNT.getOpaque(this) - number < this.capacity) ? iteration : null;
	}

	private int slotOf(long number) {
		return (int) (number % this.capacity) * FIELDS_OF_ONE;
	}

}
