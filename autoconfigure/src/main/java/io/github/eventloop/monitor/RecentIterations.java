package io.github.eventloop.monitor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * The newest of the iterations that a loop recorded one by one, numbered from 0, in a
 * ring.
 * <p>
 * Threading: one writer, which allocates nothing and takes no lock; any thread may read.
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
	 * Five numbers for each iteration. Opaque access; read before and after with
	 * {@code count}, whose release publishes them.
	 */
	private final long[] fields;

	/** How many iterations were added in all. */
	@SuppressWarnings("unused")
	private long count;

	/**
	 * Create a ring.
	 * @param capacity how many additions a reader may be late by
	 */
	RecentIterations(int capacity) {
		this.capacity = capacity;
		this.fields = new long[capacity * FIELDS_OF_ONE];
	}

	/** Add an iteration. To be called by the writer. */
	void add(long startedAt, long endedAt, long events, long steps, long ioNanos) {
		long number = this.count;
		int slot = slotOf(number);
		// A reader that sees a new value in an old slot must see that the slot is old.
		VarHandle.storeStoreFence();
		FIELDS.setOpaque(this.fields, slot, startedAt);
		FIELDS.setOpaque(this.fields, slot + 1, endedAt);
		FIELDS.setOpaque(this.fields, slot + 2, events);
		FIELDS.setOpaque(this.fields, slot + 3, steps);
		FIELDS.setOpaque(this.fields, slot + 4, ioNanos);
		COUNT.setRelease(this, number + 1);
	}

	/**
	 * Return how many iterations were added so far.
	 * @return the number
	 */
	long count() {
		return (long) COUNT.getAcquire(this);
	}

	/**
	 * Return one of the iterations.
	 * @param number which one, from 0 to {@link #count()} - 1
	 * @return the iteration, or {@code null} if the reader is too late for it
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
