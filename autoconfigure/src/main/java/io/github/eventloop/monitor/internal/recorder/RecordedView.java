package io.github.eventloop.monitor.internal.recorder;

import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.LoopView;
import io.github.eventloop.monitor.internal.thread.OsThread;

/**
 * The view of a loop and, for the monitor only, the counters and single iterations from
 * which its lag is computed.
 * <p>
 * Thread-safe. {@link #read()} and {@link #phaseSince()} may wait for a loop that was
 * preempted in the middle of a change; all other methods are wait-free. No reader delays
 * the loop.
 * <p>
 * All instants are {@link System#nanoTime()}.
 */
public abstract sealed class RecordedView implements LoopView permits LoopRecorder, ProbeRecorder {

	/** Longest scheduling delay that is still treated as noise. */
	static final long LONGEST_SCHEDULING_DELAY_NANOS = 1_000_000;

	final PhaseClock phases;

	final IterationLog iterations = new IterationLog();

	final RequestTracker requests = new RequestTracker();

	private final long createdAt;

	/**
	 * The loop's thread, or {@code null} before it started. Volatile: written once per
	 * start, read by any thread.
	 */
	private volatile @Nullable Thread thread;

	/**
	 * The operating system's id of that thread. Volatile: written once per start; for an
	 * external loop after {@code thread}, by the first probe.
	 */
	private volatile long osThreadId = OsThread.UNKNOWN;

	RecordedView(LongSupplier clock) {
		this.phases = new PhaseClock(clock);
		this.createdAt = clock.getAsLong();
	}

	void setThread(Thread thread, long osThreadId) {
		this.osThreadId = osThreadId;
		this.thread = thread;
	}

	void setOsThreadId(long osThreadId) {
		this.osThreadId = osThreadId;
	}

	@Override
	public final @Nullable Thread thread() {
		return this.thread;
	}

	@Override
	public final long osThreadId() {
		return (this.thread != null) ? this.osThreadId : OsThread.UNKNOWN;
	}

	@Override
	public final LoopReading read() {
		return this.phases.read();
	}

	@Override
	public final @Nullable LoopReading tryRead() {
		return this.phases.tryRead();
	}

	@Override
	public final long iterationTasksStarted() {
		return this.requests.startedInIteration();
	}

	@Override
	public final @Nullable ExecutingRequest request() {
		return this.requests.executing();
	}

	@Override
	public final long requests() {
		return this.requests.arrived();
	}

	@Override
	public final int inFlightRequests() {
		return this.requests.inFlight();
	}

	/**
	 * Return when this view was created.
	 * @return the instant
	 */
	public final long createdAt() {
		return this.createdAt;
	}

	/**
	 * Return when the loop last started to wait or to work. Retries while the loop is in
	 * the middle of a change, as {@link #read()} does.
	 * @return the instant; only meaningful if the loop has started
	 */
	public final long phaseSince() {
		return this.phases.readSince();
	}

	/**
	 * Copy the number of ended iterations by bucket, modulo 2^32. Called after
	 * {@link #read()}: the counts are at least as new as that reading.
	 * @param target the array to copy to
	 */
	public final void readCounts(int[] target) {
		this.iterations.copyCounts(target);
	}

	/**
	 * Lower the threshold above which iterations are recorded individually, unless it is
	 * lower already.
	 * @param nanos an iteration longer than this is recorded, and shorter ones may be too
	 */
	public final void recordIterationsLongerThan(long nanos) {
		this.iterations.recordLongerThan(nanos);
	}

	/**
	 * Return the threshold above which iterations are recorded individually.
	 * @return the threshold in nanoseconds
	 */
	public final long longIterationThreshold() {
		return this.iterations.longFrom();
	}

	/**
	 * Return the number of long iterations recorded so far.
	 * @return the number
	 */
	public final long longIterationCount() {
		return this.iterations.longIterations().count();
	}

	/**
	 * Return one of the long iterations.
	 * @param number its number, from 0 to {@link #longIterationCount()} - 1
	 * @return the iteration, or {@code null} if it has been overwritten
	 */
	public final @Nullable LongIteration longIteration(long number) {
		return this.iterations.longIterations().get(number);
	}

	/**
	 * Have the next iteration that ends recorded individually, regardless of its length.
	 * Called before {@link #read()}, so that it is the iteration in progress in that
	 * reading. If {@link #awaitsEnd()} returns {@code false} after the reading, it may
	 * have been the one before.
	 * @return the number to pass to {@link #awaited(long)}
	 */
	public final long awaitEnd() {
		return this.iterations.awaitEnd();
	}

	/**
	 * Return whether no iteration has ended since {@link #awaitEnd()}.
	 * @return whether the end is still to come
	 */
	public final boolean awaitsEnd() {
		return this.iterations.awaitsEnd();
	}

	/**
	 * Return an iteration whose end a reader awaited.
	 * @param number the number that {@link #awaitEnd()} returned
	 * @return the iteration, or {@code null} if it has not ended yet or has been
	 * overwritten
	 */
	public final @Nullable LongIteration awaited(long number) {
		return this.iterations.awaited(number);
	}

}
