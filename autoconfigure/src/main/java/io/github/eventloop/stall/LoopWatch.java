package io.github.eventloop.stall;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.LoopRecorder;
import io.github.eventloop.monitor.LoopRecorder.Reading;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Watches one loop, and opens a file of evidence when it stalls.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallWatch}.
 */
final class LoopWatch {

	/** In a second, at the default interval: then the same will be seen again. */
	private static final int REGULAR_SAMPLES = 50;

	/** What takes longer than this to be told of will not be told of. */
	private static final long LOST_NANOS = 200_000_000;

	/** How often to look whether we have been told of an end that we have seen. */
	private static final long ENDED_RETRY_NANOS = 1_000_000;

	/** For how long a loop may have been active before a stall that was not sampled. */
	private static final long ANY_NANOS = Long.MAX_VALUE / 2;

	private final MonitoredLoop loop;

	private final LoopRecorder recorder;

	private final Function<LoopRecorder, ThreadUsage> threadUsage;

	private final Supplier<ProcessUsage> processUsage;

	/** What the loop had done, and used to do it, when it was seen last at its work. */
	private long iterationsBefore = -1;

	private long activeNanosBefore;

	private ThreadUsage usageBefore = ThreadUsage.UNKNOWN;

	private ProcessUsage processBefore = ProcessUsage.NOTHING;

	/** When that was. */
	private long before;

	private @Nullable Evidence open;

	/** When the loop was last looked at. */
	private long lookedAt;

	private long intervalNanos;

	private long nextSampleAt;

	private long nextLogNanos;

	private boolean logDue;

	/** Since when the stall is known to be over although nobody told of its end, or 0. */
	private long overSince;

	/**
	 * Create a watch.
	 * @param loop the loop
	 * @param threadUsage reads what the loop's thread has used
	 * @param processUsage reads what the process has used
	 */
	LoopWatch(MonitoredLoop loop, Function<LoopRecorder, ThreadUsage> threadUsage,
			Supplier<ProcessUsage> processUsage) {
		this.loop = loop;
		this.recorder = loop.recorder();
		this.threadUsage = threadUsage;
		this.processUsage = processUsage;
		this.processBefore = processUsage.get();
	}

	@Nullable Evidence open() {
		return this.open;
	}

	/**
	 * Look whether the loop is stalled. If it is and a sample {@link #isSampleDue() is
	 * due}, it is to be {@link #sampled} next.
	 * @param thresholdNanos from which length an iteration is a stall
	 * @param intervalNanos the time between two samples of one stall
	 * @param ids gives an id to a stall
	 */
	void look(long thresholdNanos, long intervalNanos, LongSupplier ids) {
		this.logDue = false;
		Reading reading = this.recorder.read();
		this.lookedAt = reading.at();
		long startedAt = reading.at() - reading.busyNanos();
		if (this.open != null && (reading.busyNanos() == 0 || startedAt != this.open.startedAt)) {
			this.overSince = (this.overSince != 0) ? this.overSince : reading.at();
			return;
		}
		if (reading.busyNanos() <= thresholdNanos) {
			if (reading.busyNanos() < thresholdNanos / 10) {
				rebase(reading);
			}
			return;
		}
		if (this.open == null) {
			this.open = open(reading, startedAt, ids);
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
	 * Return whether it is time for another sample of a stall.
	 * @return whether it was when the loop was looked at
	 */
	boolean isSampleDue() {
		return isSampleDueWithin(0);
	}

	/**
	 * Return whether the loop may be sampled with others that are due: stalls that began
	 * at different times get into step that way.
	 * @return whether at least half of the time between two samples has passed
	 */
	boolean isSampleWelcome() {
		return isSampleDueWithin(this.intervalNanos / 2);
	}

	private boolean isSampleDueWithin(long nanos) {
		return this.open != null && this.overSince == 0 && (this.logDue || this.nextSampleAt - this.lookedAt <= nanos);
	}

	/**
	 * Return what to sample.
	 * @return the loop's thread, which has started if it is stalled
	 */
	ThreadSampler.Target target() {
		return new ThreadSampler.Target(Objects.requireNonNull(this.recorder.thread()), this.recorder.osThreadId());
	}

	/**
	 * Take a sample into the evidence.
	 * @param sample what the loop's thread was doing just now, or {@code null} if it has
	 * ended or could not be sampled
	 */
	void sampled(@Nullable Sample sample) {
		Evidence evidence = Objects.requireNonNull(this.open);
		ExecutingRequest executing = this.recorder.request();
		ThreadUsage usage = usage();
		long steps = this.recorder.iterationSteps();
		Reading reading = this.recorder.read();
		if (evidence.samples() >= REGULAR_SAMPLES) {
			this.intervalNanos *= 2;
		}
		// Before anything that may throw: what fails is tried again then, not at once.
		this.nextSampleAt = reading.at() + this.intervalNanos;
		if (sample != null && reading.at() - reading.busyNanos() == evidence.startedAt) {
			// Otherwise we have seen what came after the stall.
			evidence.add(sample.at(reading.at(), executing), usage, this.processUsage.get(), steps);
		}
	}

	/**
	 * Return when to look again at the latest.
	 * @return in how many nanoseconds from when the loop was looked at
	 */
	long untilNextLook() {
		Evidence evidence = this.open;
		if (evidence == null) {
			return Long.MAX_VALUE;
		}
		if (this.overSince != 0) {
			return ENDED_RETRY_NANOS;
		}
		return Math.max(0, Math.min(this.nextSampleAt, evidence.startedAt + this.nextLogNanos) - this.lookedAt);
	}

	/**
	 * Give up a stall whose end nobody told of: too many ended at once.
	 * @param now the current instant
	 * @return the evidence, or {@code null} if there is no such stall
	 */
	@Nullable Evidence takeLost(long now) {
		Evidence lost = this.open;
		if (lost == null || this.overSince == 0 || now - this.overSince < LOST_NANOS) {
			return null;
		}
		lost.end(new LongIteration(lost.startedAt, this.overSince, 0, 0, 0), usage(), this.processUsage.get(), now);
		close();
		return lost;
	}

	private void close() {
		this.open = null;
		this.overSince = 0;
		this.logDue = false;
	}

	/** An idle loop uses no CPU, so there is nothing to ask the system for. */
	private void rebase(Reading reading) {
		if (reading.iterations() != this.iterationsBefore) {
			rebase(reading, usage(), this.processUsage.get());
		}
	}

	private void rebase(Reading reading, ThreadUsage usage, ProcessUsage process) {
		this.iterationsBefore = reading.iterations();
		this.activeNanosBefore = reading.activeNanos();
		this.usageBefore = usage;
		this.processBefore = process;
		this.before = reading.at();
	}

	private Evidence open(Reading reading, long startedAt, LongSupplier ids) {
		long activeBetween = Math.max(0, reading.activeNanos() - reading.busyNanos() - this.activeNanosBefore);
		return new Evidence(ids.getAsLong(), this.loop, startedAt, baseline(startedAt, activeBetween));
	}

	private Baseline baseline(long startedAt, long activeBetween) {
		if (this.iterationsBefore < 0) {
			// Since the thread has started: in its first iterations.
			return new Baseline(usage().zero(), this.processBefore, activeBetween, 0);
		}
		return new Baseline(this.usageBefore, this.processBefore,
				Math.min(activeBetween, Math.max(0, startedAt - this.before)), Math.max(0, this.before - startedAt));
	}

	private ThreadUsage usage() {
		return this.threadUsage.apply(this.recorder);
	}

	/**
	 * Return whether the stall has lasted for another ten times as long.
	 * @return whether to tell of it
	 */
	boolean isLogDue() {
		return this.open != null && this.logDue;
	}

	/**
	 * Close the file on a stall that has ended.
	 * @param iteration the iteration, as the loop noted it
	 * @param ids gives an id to a stall that was not seen
	 * @return the evidence
	 */
	Evidence end(LongIteration iteration, LongSupplier ids) {
		Evidence evidence = this.open;
		if (evidence == null || evidence.startedAt != iteration.startedAt()) {
			evidence = new Evidence(ids.getAsLong(), this.loop, iteration.startedAt(),
					baseline(iteration.startedAt(), ANY_NANOS));
		}
		else {
			close();
		}
		Reading reading = this.recorder.read();
		ThreadUsage usage = usage();
		ProcessUsage process = this.processUsage.get();
		evidence.end(iteration, usage, process, reading.at());
		rebase(reading, usage, process);
		return evidence;
	}

}
