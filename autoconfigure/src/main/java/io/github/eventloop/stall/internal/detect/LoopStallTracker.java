package io.github.eventloop.stall.internal.detect;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.LoopView;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.internal.sample.Baseline;
import io.github.eventloop.stall.internal.sample.ProcessUsage;
import io.github.eventloop.stall.internal.sample.Sample;
import io.github.eventloop.stall.internal.sample.ThreadSampler;
import io.github.eventloop.stall.internal.sample.ThreadUsage;

/**
 * Tracker for the stalls of one loop, which collects samples while the loop is stalled.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
public final class LoopStallTracker {

	/**
	 * One second at the default interval: later samples mostly repeat the same stacks.
	 */
	private static final int REGULAR_SAMPLES = 50;

	/** How long to wait for the notification of an end before it counts as lost. */
	private static final long END_TIMEOUT_NANOS = 200_000_000;

	/** How often to check for that notification. */
	private static final long END_POLL_NANOS = 1_000_000;

	/** Upper bound of the active time before a stall that was not sampled. */
	private static final long UNBOUNDED_NANOS = Long.MAX_VALUE / 2;

	/**
	 * Active time and iterations of a loop after which the usage of its thread is read
	 * again. Otherwise, that would be half of what the monitoring of an idle application
	 * costs: Netty wakes up each loop once a second.
	 */
	private static final long NEGLIGIBLE_NANOS = 1_000_000;

	private static final int FEW_ITERATIONS = 50;

	/** Age in nanoseconds of a usage of the process that counts as the current one. */
	private static final long CURRENT = 1_000_000;

	/** How old it may be in the baseline of a loop that does next to nothing. */
	private static final long RECENT = 1_000_000_000;

	private final MonitoredLoop loop;

	private final LoopView view;

	private final Function<LoopView, ThreadUsage> threadUsage;

	private final LongFunction<ProcessUsage> processUsage;

	/** Last reading of the loop outside of a stall: the baseline of the next stall. */
	private long baselineIterations = -1;

	private long baselineActiveNanos;

	private ThreadUsage baselineUsage = ThreadUsage.UNKNOWN;

	private ProcessUsage baselineProcess = ProcessUsage.NOTHING;

	/** When the baseline was read. */
	private long baselineAt;

	private @Nullable StallSamples current;

	/** When the loop was last polled. */
	private long polledAt;

	private long intervalNanos;

	private long nextSampleAt;

	private long nextLogNanos;

	private boolean logDue;

	/**
	 * When a poll first found the stall over before the notification of its end, or 0.
	 */
	private long overSince;

	/**
	 * Create a tracker.
	 * @param loop the loop
	 * @param threadUsage reads the usage of the loop's thread
	 * @param processUsage returns the usage of the process, at most as old as its
	 * argument
	 */
	LoopStallTracker(MonitoredLoop loop, Function<LoopView, ThreadUsage> threadUsage,
			LongFunction<ProcessUsage> processUsage) {
		this.loop = loop;
		this.view = loop.view();
		this.threadUsage = threadUsage;
		this.processUsage = processUsage;
		this.baselineProcess = processUsage.apply(CURRENT);
	}

	public @Nullable StallSamples current() {
		return this.current;
	}

	/**
	 * Poll whether the loop is stalled. If a sample {@link #isSampleDue() is due}, the
	 * caller {@linkplain #addSample adds} it next.
	 * @param thresholdNanos the length above which an iteration is a stall
	 * @param intervalNanos the time between two samples of one stall
	 * @param ids generates the id of a stall
	 */
	void poll(long thresholdNanos, long intervalNanos, LongSupplier ids) {
		this.logDue = false;
		LoopReading reading = this.view.read();
		this.polledAt = reading.at();
		long startedAt = reading.at() - reading.busyNanos();
		if (this.current != null && (reading.busyNanos() == 0 || startedAt != this.current.startedAt)) {
			this.overSince = (this.overSince != 0) ? this.overSince : reading.at();
			return;
		}
		if (reading.busyNanos() <= thresholdNanos) {
			if (reading.busyNanos() < thresholdNanos / 10) {
				updateBaseline(reading);
			}
			return;
		}
		if (this.current == null) {
			this.current = startStall(reading, startedAt, ids);
			this.intervalNanos = intervalNanos;
			this.nextSampleAt = reading.at();
			this.nextLogNanos = 10 * thresholdNanos;
		}
		this.logDue = reading.busyNanos() >= this.nextLogNanos;
		if (this.logDue) {
			this.nextLogNanos *= 10;
		}
	}

	/**
	 * Return whether a sample of the current stall is due.
	 * @return whether it was due at the last poll
	 */
	boolean isSampleDue() {
		return isSampleDueWithin(0);
	}

	/**
	 * Return whether the loop may be sampled together with others that are due. This
	 * aligns the samples of stalls that started at different times.
	 * @return whether at least half of the sample interval has passed
	 */
	boolean canSampleEarly() {
		return isSampleDueWithin(this.intervalNanos / 2);
	}

	private boolean isSampleDueWithin(long nanos) {
		return this.current != null && this.overSince == 0
				&& (this.logDue || this.nextSampleAt - this.polledAt <= nanos);
	}

	/**
	 * Return the thread to sample.
	 * @return the loop's thread, which is present while the loop is stalled
	 */
	ThreadSampler.Target target() {
		return new ThreadSampler.Target(Objects.requireNonNull(this.view.thread()), this.view.osThreadId());
	}

	/**
	 * Add a sample of the current stall.
	 * @param sample what the loop's thread is doing, or {@code null} if it has ended or
	 * could not be sampled
	 */
	void addSample(@Nullable Sample sample) {
		StallSamples samples = Objects.requireNonNull(this.current);
		ExecutingRequest executing = this.view.request();
		ThreadUsage usage = usage();
		long tasksStarted = this.view.iterationTasksStarted();
		LoopReading reading = this.view.read();
		if (samples.count() >= REGULAR_SAMPLES) {
			this.intervalNanos *= 2;
		}
		// Set before anything that may throw, so that a failure is not retried at once.
		this.nextSampleAt = reading.at() + this.intervalNanos;
		if (sample != null && reading.at() - reading.busyNanos() == samples.startedAt) {
			// Otherwise the sample was taken after the end of the stall.
			samples.add(sample.at(reading.at(), executing), usage, this.processUsage.apply(CURRENT), tasksStarted);
		}
	}

	/**
	 * Return when to poll again at the latest.
	 * @return the delay after the last poll, in nanoseconds
	 */
	public long untilNextPoll() {
		StallSamples samples = this.current;
		if (samples == null) {
			return Long.MAX_VALUE;
		}
		if (this.overSince != 0) {
			return END_POLL_NANOS;
		}
		return Math.max(0, Math.min(this.nextSampleAt, samples.startedAt + this.nextLogNanos) - this.polledAt);
	}

	/**
	 * End a stall for which no end was reported in time. Notifications are lost if too
	 * many stalls end at once.
	 * @param now the current instant
	 * @return the samples, or {@code null} if there is no such stall
	 */
	public @Nullable StallSamples takeLost(long now) {
		StallSamples lost = this.current;
		if (lost == null || this.overSince == 0 || now - this.overSince < END_TIMEOUT_NANOS) {
			return null;
		}
		lost.end(new LongIteration(lost.startedAt, this.overSince, 0, 0, 0), usage(), this.processUsage.apply(CURRENT),
				now);
		close();
		return lost;
	}

	private void close() {
		this.current = null;
		this.overSince = 0;
		this.logDue = false;
	}

	/** A loop that does next to nothing uses next to no CPU. */
	private void updateBaseline(LoopReading reading) {
		boolean active = reading.activeNanos() - this.baselineActiveNanos >= NEGLIGIBLE_NANOS;
		if (active || this.baselineIterations < 0 || reading.iterations() - this.baselineIterations >= FEW_ITERATIONS) {
			updateBaseline(reading, usage(), this.processUsage.apply(active ? CURRENT : RECENT));
		}
		else {
			this.baselineProcess = this.processUsage.apply(RECENT);
		}
	}

	private void updateBaseline(LoopReading reading, ThreadUsage usage, ProcessUsage process) {
		this.baselineIterations = reading.iterations();
		this.baselineActiveNanos = reading.activeNanos();
		this.baselineUsage = usage;
		this.baselineProcess = process;
		this.baselineAt = reading.at();
	}

	private StallSamples startStall(LoopReading reading, long startedAt, LongSupplier ids) {
		long activeBefore = Math.max(0, reading.activeNanos() - reading.busyNanos() - this.baselineActiveNanos);
		return new StallSamples(ids.getAsLong(), this.loop, startedAt, baseline(startedAt, activeBefore));
	}

	private Baseline baseline(long startedAt, long activeBefore) {
		if (this.baselineIterations < 0) {
			// In the first iterations, the baseline is the start of the thread.
			return new Baseline(usage().zero(), this.baselineProcess, activeBefore, 0);
		}
		return new Baseline(this.baselineUsage, this.baselineProcess,
				Math.min(activeBefore, Math.max(0, startedAt - this.baselineAt)),
				Math.max(0, this.baselineAt - startedAt));
	}

	private ThreadUsage usage() {
		return this.threadUsage.apply(this.view);
	}

	/**
	 * Return whether the current stall has reached the next power of ten of the
	 * threshold.
	 * @return whether to report it as in progress
	 */
	public boolean isLogDue() {
		return this.current != null && this.logDue;
	}

	/**
	 * Complete the samples of a stall that has ended.
	 * @param iteration the iteration, as the loop recorded it
	 * @param ids generates the id of a stall that was not polled
	 * @return the samples
	 */
	StallSamples end(LongIteration iteration, LongSupplier ids) {
		StallSamples samples = this.current;
		if (samples == null || samples.startedAt != iteration.startedAt()) {
			samples = new StallSamples(ids.getAsLong(), this.loop, iteration.startedAt(),
					baseline(iteration.startedAt(), UNBOUNDED_NANOS));
		}
		else {
			close();
		}
		LoopReading reading = this.view.read();
		ThreadUsage usage = usage();
		ProcessUsage process = this.processUsage.apply(CURRENT);
		samples.end(iteration, usage, process, reading.at());
		updateBaseline(reading, usage, process);
		return samples;
	}

}
