package io.github.eventloop.monitor.internal.recorder;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LongIteration;

/**
 * Log of the iterations of one loop that have ended: their number by length, and a record
 * of each that was long or that a reader waits for.
 * <p>
 * Progress: the methods of the writer, {@link #count} and {@link #record}, are wait-free.
 * {@link #recordLongerThan} is lock-free: it retries only if another thread has changed
 * the threshold. All others are wait-free, for any thread.
 */
final class IterationLog {

	/**
	 * Capacity for long iterations: with 100 ms each, a reader may be 3 seconds late.
	 */
	private static final int LONG_ITERATIONS = 32;

	/**
	 * Capacity for awaited iterations: the number of readers that may wait for the end of
	 * an iteration at about the same time.
	 */
	private static final int AWAITED_ITERATIONS = 8;

	/** Threshold that every iteration exceeds. */
	private static final long ANY_LENGTH = -1;

	private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(int[].class);

	private static final VarHandle RECORDED_FROM;

	private static final VarHandle LONG_FROM;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			RECORDED_FROM = lookup.findVarHandle(IterationLog.class, "recordedFrom", long.class);
			LONG_FROM = lookup.findVarHandle(IterationLog.class, "longFrom", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/**
	 * Number of ended iterations by bucket of {@link DurationBuckets}, modulo 2^32. One
	 * writer, opaque writes. Readers copy the array with plain reads after a reading of
	 * the {@link PhaseClock}, which has acquire semantics: they may miss the newest
	 * iterations, and find them with the next copy.
	 */
	private final int[] counts = new int[DurationBuckets.COUNT];

	/**
	 * Threshold above which an iteration is recorded individually: {@link #ANY_LENGTH}
	 * while a reader waits for the end of the iteration in progress, otherwise
	 * {@code longFrom}. One field for both, so that the loop compares once. The loop
	 * resets it with opaque access: an iteration that ends while a reader sets it may be
	 * missed, which the reader detects with {@link #awaitsEnd()}.
	 */
	@SuppressWarnings("unused")
	private long recordedFrom = Long.MAX_VALUE;

	/**
	 * Threshold above which an iteration is long. Opaque access: it is lowered when a
	 * monitor starts to read the loop, and one iteration of delay does no harm.
	 */
	@SuppressWarnings("unused")
	private long longFrom = Long.MAX_VALUE;

	/** The newest long iterations. Written by the writer only. */
	private final RecentIterations longIterations = new RecentIterations(LONG_ITERATIONS);

	/** The newest iterations that a reader awaited. Written by the writer only. */
	private final RecentIterations awaited = new RecentIterations(AWAITED_ITERATIONS);

	/**
	 * Count an iteration that ends.
	 * @param nanos its length
	 * @return whether it has to be {@linkplain #record recorded}
	 */
	boolean count(long nanos) {
		int index = DurationBuckets.indexOf(nanos);
		COUNTS.setOpaque(this.counts, index, (int) COUNTS.getOpaque(this.counts, index) + 1);
		return nanos > (long) RECORDED_FROM.getOpaque(this);
	}

	/**
	 * Record an iteration that ends. The parameters are those of {@link LongIteration}.
	 */
	void record(long startedAt, long endedAt, long events, long tasksStarted, long ioNanos) {
		long threshold = (long) LONG_FROM.getOpaque(this);
		if ((long) RECORDED_FROM.getOpaque(this) == ANY_LENGTH) {
			RECORDED_FROM.setOpaque(this, threshold);
			this.awaited.add(startedAt, endedAt, events, tasksStarted, ioNanos);
		}
		if (endedAt - startedAt > threshold) {
			this.longIterations.add(startedAt, endedAt, events, tasksStarted, ioNanos);
		}
	}

	void copyCounts(int[] target) {
		System.arraycopy(this.counts, 0, target, 0, target.length);
	}

	void recordLongerThan(long nanos) {
		lower(LONG_FROM, nanos);
		// If the loop resets it concurrently, it writes the old threshold, and corrects
		// that with the next iteration that a reader awaits.
		lower(RECORDED_FROM, nanos);
	}

	private void lower(VarHandle threshold, long nanos) {
		long before = (long) threshold.getOpaque(this);
		while (nanos < before && !threshold.compareAndSet(this, before, nanos)) {
			before = (long) threshold.getOpaque(this);
		}
	}

	long longFrom() {
		return (long) LONG_FROM.getOpaque(this);
	}

	RecentIterations longIterations() {
		return this.longIterations;
	}

	long awaitEnd() {
		long number = this.awaited.count();
		// Volatile: must be visible to the loop before the caller reads its state.
		RECORDED_FROM.setVolatile(this, ANY_LENGTH);
		return number;
	}

	boolean awaitsEnd() {
		return (long) RECORDED_FROM.getVolatile(this) == ANY_LENGTH;
	}

	@Nullable LongIteration awaited(long number) {
		return (number < this.awaited.count()) ? this.awaited.get(number) : null;
	}

}
