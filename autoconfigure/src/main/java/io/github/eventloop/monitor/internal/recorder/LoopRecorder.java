package io.github.eventloop.monitor.internal.recorder;

import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LoopView;
import io.github.eventloop.monitor.internal.thread.OsThread;

/**
 * Recorder of what one event loop does: when it starts to wait in its poll, when the poll
 * returns, and when it switches from I/O to tasks. Applications get its {@link LoopView},
 * the monitor its {@link RecordedView}.
 * <p>
 * Called by the loop's thread only, except for {@link #requestStarted} and
 * {@link #requestEnded}, which any thread may call. All methods are wait-free: they take
 * no lock, retry nothing, allocate nothing and never throw, and no reader can delay them.
 * {@link #started} also reads a link in {@code /proc}, once per start.
 * <p>
 * All instants are {@link System#nanoTime()}.
 */
public final class LoopRecorder extends RecordedView {

	/**
	 * Shortest duration of a poll that slept: going to sleep and being woken takes a
	 * Linux thread longer. A shorter poll found its events ready and counts as work.
	 */
	private static final long SHORTEST_SLEEP_NANOS = 5_000;

	/**
	 * Whether the last poll returned without having slept. Accessed by the loop's thread
	 * only, as are the fields below.
	 */
	private boolean pollFoundEvents;

	private int iterationEvents;

	/** Length of the iteration that ended last. */
	private long endedNanos;

	/**
	 * Length of the iteration during which the current events became ready, or 0 if the
	 * loop was waiting for them.
	 */
	private long precedingNanos;

	/**
	 * Create a recorder for a loop that has not started yet.
	 */
	public LoopRecorder() {
		this(System::nanoTime);
	}

	public LoopRecorder(LongSupplier clock) {
		super(clock);
	}

	/**
	 * Record that the loop's thread has started.
	 * @param now the current instant
	 */
	public void started(long now) {
		setThread(Thread.currentThread(), OsThread.currentId());
		this.phases.start(now);
	}

	/**
	 * Record that the loop's thread has stopped, and end the iteration in progress.
	 * @param now the current instant
	 */
	public void stopped(long now) {
		if (this.phases.isActive()) {
			iterationEnded(now);
		}
		this.phases.stop(now);
	}

	/**
	 * Record that the loop starts to wait in its poll because there is nothing to do.
	 * This ends an iteration.
	 * @param now the current instant
	 */
	public void waiting(long now) {
		iterationEnded(now);
		this.phases.startWaiting(now);
	}

	/**
	 * Record that the poll has returned. This starts an iteration, and also ends one if
	 * the poll was not allowed to wait.
	 * @param now the current instant
	 */
	public void polled(long now) {
		long elapsed = now - this.phases.since();
		boolean waited = this.phases.isWaiting();
		this.pollFoundEvents = !waited || elapsed < SHORTEST_SLEEP_NANOS;
		if (!waited) {
			iterationEnded(now);
		}
		this.phases.startIteration(now, this.pollFoundEvents);
		this.iterationEvents = 0;
		// On a busy machine it takes longer to return events that are ready already: a
		// wait that is short compared with the iteration before it counts as no wait.
		boolean queued = this.pollFoundEvents
				|| elapsed < Math.min(this.endedNanos / 8, LONGEST_SCHEDULING_DELAY_NANOS);
		this.precedingNanos = queued ? this.endedNanos : 0;
		this.requests.iterationStarted();
	}

	/** Called before the change of phase, so that a reader of the new phase finds it. */
	private void iterationEnded(long now) {
		long startedAt = this.phases.since();
		this.endedNanos = now - startedAt;
		if (this.iterations.count(this.endedNanos)) {
			this.iterations.record(startedAt, now, this.iterationEvents, this.requests.startedInIteration(),
					this.phases.ioNanosUntil(now));
		}
	}

	/**
	 * Record that the events of the last poll have been handled.
	 * @param number the number of events
	 */
	public void handled(int number) {
		if (number > 0) {
			this.iterationEvents = number;
			this.phases.addEvents(number, this.pollFoundEvents);
		}
	}

	/**
	 * Record that the loop switches from I/O to its tasks.
	 * @param now the current instant, or the instant at which the poll returned if it
	 * found no events
	 */
	public void taskPhaseStarted(long now) {
		this.phases.startTasks(now);
	}

	/**
	 * Record that the loop starts another of its tasks.
	 */
	public void taskStarted() {
		this.requests.taskStarted();
	}

	/**
	 * Record the request whose code the loop executes from now on.
	 * @param request the request, or {@code null} if the code belongs to none
	 * @return the request that the loop executed before, to be restored when the code has
	 * returned
	 */
	public @Nullable ExecutingRequest execute(@Nullable ExecutingRequest request) {
		return this.requests.execute(request);
	}

	/**
	 * Record that a request has arrived on the loop. Counts as a started task if it is
	 * called by the loop's thread.
	 */
	public void requestStarted() {
		this.requests.requestStarted();
		if (Thread.currentThread() == thread()) {
			this.requests.taskStarted();
		}
	}

	/**
	 * Record that a request that arrived on the loop has been completed or cancelled.
	 */
	public void requestEnded() {
		this.requests.requestEnded();
	}

	/**
	 * Return the expected lag of an event that the loop handles at this instant: the time
	 * since its poll returned plus, if the poll found it ready, half of the preceding
	 * iteration.
	 * @return the lag in nanoseconds
	 */
	public long lagNanos() {
		return Math.max(0, this.phases.now() - this.phases.since()) + this.precedingNanos / 2;
	}

	/**
	 * Return the current instant of the clock of this recorder.
	 * @return the instant
	 */
	public long now() {
		return this.phases.now();
	}

	/**
	 * Return for how long the loop has not been waiting in its poll since it started.
	 * @param now the current instant
	 * @return the time in nanoseconds
	 */
	public long activeNanosUntil(long now) {
		return this.phases.activeNanosUntil(now);
	}

	/**
	 * Return the instant at which the iteration in progress started.
	 * @return the instant
	 */
	public long iterationSince() {
		return this.phases.since();
	}

}
