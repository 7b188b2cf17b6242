package io.github.eventloop.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * What has been found out about one stall.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallWatch}.
 */
final class Evidence {

	final long id;

	final MonitoredLoop loop;

	/** As {@link System#nanoTime()}. */
	final long startedAt;

	private final Instant startInstant;

	/** What the thread had used when the stall began. */
	private final long cpuNanosBefore;

	/** The stacks seen, each once. */
	private final List<SampledStack> stacks = new ArrayList<>();

	/** The frames of these stacks: most of them are in several. */
	private final Map<StackTraceElement, StackTraceElement> frames = new HashMap<>();

	private int samples;

	private long lastSampleAt;

	private long cpuNanos;

	private long cpuNanosAt;

	/** The time between samples in which the loop was seen to make steps. */
	private long movingNanos;

	/** The time between samples in which it was seen to make none. */
	private long standingNanos;

	/** When the steps were looked at last, or 0. */
	private long stepsSeenAt;

	private long steps;

	private @Nullable LockOwner lockOwner;

	private @Nullable String route;

	private @Nullable String traceId;

	private int inFlightRequests;

	private @Nullable LongIteration iteration;

	/**
	 * Open a file.
	 * @param id the stall
	 * @param loop the loop
	 * @param startedAt when the stall began, as {@link System#nanoTime()}
	 * @param cpuNanosBefore the CPU time that the thread had used by then, or -1 if
	 * nobody can tell
	 */
	Evidence(long id, MonitoredLoop loop, long startedAt, long cpuNanosBefore) {
		this.id = id;
		this.loop = loop;
		this.startedAt = startedAt;
		this.startInstant = Instant.now().minusNanos(System.nanoTime() - startedAt);
		this.cpuNanosBefore = cpuNanosBefore;
		this.lastSampleAt = startedAt;
		this.cpuNanosAt = startedAt;
	}

	void add(Sample sample) {
		long nanos = Math.max(1, sample.at() - this.lastSampleAt);
		this.lastSampleAt = sample.at();
		this.samples++;
		if (sample.lockOwner() != null) {
			this.lockOwner = sample.lockOwner();
		}
		for (int i = 0; i < this.stacks.size(); i++) {
			if (this.stacks.get(i).is(sample.cause(), sample.stack())) {
				this.stacks.set(i, this.stacks.get(i).seen(1, nanos));
				return;
			}
		}
		StackTraceElement[] stack = sample.stack().clone();
		for (int i = 0; i < stack.length; i++) {
			StackTraceElement known = this.frames.putIfAbsent(stack[i], stack[i]);
			stack[i] = (known != null) ? known : stack[i];
		}
		this.stacks.add(new SampledStack(sample.cause(), stack, 1, nanos));
	}

	/**
	 * Note how far the loop has come.
	 * @param at the instant
	 * @param cpuNanos the CPU time that its thread has used, or -1 if nobody can tell
	 * @param steps the steps that it has made since the stall began
	 */
	void progress(long at, long cpuNanos, long steps) {
		if (cpuNanos >= 0 && this.cpuNanosBefore >= 0) {
			this.cpuNanos = Math.max(this.cpuNanos, Math.min(cpuNanos - this.cpuNanosBefore, at - this.startedAt));
			this.cpuNanosAt = at;
		}
		move(at, steps);
		this.inFlightRequests = Math.max(this.inFlightRequests, this.loop.inFlightRequests());
	}

	/** How the steps are spread before the first look, nobody knows. */
	private void move(long at, long steps) {
		if (this.stepsSeenAt != 0) {
			long nanos = at - this.stepsSeenAt;
			this.movingNanos += (steps != this.steps) ? nanos : 0;
			this.standingNanos += (steps == this.steps) ? nanos : 0;
		}
		this.stepsSeenAt = at;
		this.steps = steps;
	}

	/**
	 * Note whose code the loop is in. Says nothing if it is known already.
	 * @param request the request
	 */
	void executes(@Nullable ExecutingRequest request) {
		if (request != null && this.route == null && this.traceId == null) {
			this.route = request.route();
			this.traceId = request.traceId();
		}
	}

	/**
	 * Note that the stall is over.
	 * @param ended the iteration, as the loop noted it
	 * @param cpuNanos the CPU time that its thread has used by now, or -1 if nobody can
	 * tell
	 */
	void end(LongIteration ended, long cpuNanos) {
		this.iteration = ended;
		move(ended.endedAt(), ended.steps());
		if (cpuNanos >= 0 && this.cpuNanosBefore >= 0) {
			// It has gone on since; but in what was left of the stall it used no more
			// than that.
			long used = this.cpuNanos + Math.max(0, ended.endedAt() - this.cpuNanosAt);
			this.cpuNanos = Math.max(0, Math.min(Math.min(cpuNanos - this.cpuNanosBefore, used), ended.nanos()));
		}
	}

	boolean hasEnded() {
		return this.iteration != null;
	}

	int samples() {
		return this.samples;
	}

	/**
	 * Draw the conclusions.
	 * @param now the current instant
	 * @param monitor knows when the process was not running
	 * @param reader knows whose code is whose
	 * @return the stall as far as it is known
	 */
	Stall conclude(long now, EventLoopMonitor monitor, StackReader reader) {
		LongIteration ended = this.iteration;
		long end = (ended != null) ? ended.endedAt() : now;
		long nanos = Math.max(0, end - this.startedAt);
		List<SampledStack> stacks = stacksUntil(end);
		long gcNanos = Math.min(nanos, monitor.collectingNanos(this.startedAt, end));
		long pausedNanos = Math.min(nanos, monitor.pausedNanos(this.startedAt, end));
		long events = (ended != null) ? ended.events() : 0;
		Diagnosis diagnosis = new Diagnosis(nanos, monitor.settings().stallThreshold().toNanos(), stacks,
				this.cpuNanosBefore >= 0, this.cpuNanos, gcNanos, pausedNanos, events, this.steps,
				this.movingNanos > this.standingNanos);
		StallCause cause = diagnosis.cause(reader);
		List<SampledStack> witnesses = diagnosis.witnesses(cause);
		Culprit culprit = (cause != StallCause.STARVED) ? new Blame(reader).of(witnesses) : null;
		StackTraceElement[] frames = witnesses.isEmpty() ? new StackTraceElement[0] : witnesses.get(0).frames();
		return new Stall(this.id, ReadableFrame.printable(this.loop.name()), this.loop.group(), this.startInstant,
				Duration.ofNanos(nanos), ended == null, cause, culprit,
				(cause == StallCause.LOCK || cause == StallCause.WAITING) ? this.lockOwner : null, this.route,
				this.traceId, this.inFlightRequests, this.cpuNanos, gcNanos, events, this.steps, this.samples,
				Advice.of(cause, culprit, frames), reader.fold(frames), stacks);
	}

	/** The last stack stands for what is left too. The most important first. */
	private List<SampledStack> stacksUntil(long end) {
		List<SampledStack> result = new ArrayList<>(this.stacks);
		long left = end - this.lastSampleAt;
		if (left > 0 && !result.isEmpty()) {
			int last = result.size() - 1;
			result.set(last, result.get(last).seen(0, left));
		}
		result.sort(Comparator.comparingLong(SampledStack::nanos).reversed());
		return result;
	}

}
