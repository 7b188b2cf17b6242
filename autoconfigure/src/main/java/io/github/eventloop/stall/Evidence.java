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

	/** The requests that the loop was seen to execute, in the order of their coming. */
	private final List<Execution> executions = new ArrayList<>();

	private int inFlightRequests;

	private @Nullable LongIteration iteration;

	private boolean forgotten;

	/** What was concluded last, and from how many samples. */
	private @Nullable Stall concluded;

	private int concludedFrom = -1;

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
		executed(sample.request(), nanos);
		for (int i = 0; i < this.stacks.size(); i++) {
			if (this.stacks.get(i).is(sample.cause(), sample.stack())) {
				this.stacks.set(i, this.stacks.get(i).seenAgain(nanos, sample.lockOwner()));
				return;
			}
		}
		StackTraceElement[] stack = sample.stack().clone();
		for (int i = 0; i < stack.length; i++) {
			StackTraceElement known = this.frames.putIfAbsent(stack[i], stack[i]);
			stack[i] = (known != null) ? known : stack[i];
		}
		this.stacks.add(new SampledStack(sample.cause(), stack, 1, nanos, sample.lockOwner()));
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

	private void move(long at, long steps) {
		if (this.stepsSeenAt != 0) {
			long nanos = at - this.stepsSeenAt;
			this.movingNanos += (steps != this.steps) ? nanos : 0;
			this.standingNanos += (steps == this.steps) ? nanos : 0;
		}
		else if (steps < Diagnosis.FEWEST_STEPS) {
			// Otherwise nobody knows how they are spread before the first look.
			this.standingNanos += at - this.startedAt;
		}
		this.stepsSeenAt = at;
		this.steps = steps;
	}

	private void executed(@Nullable ExecutingRequest request, long nanos) {
		if (request == null) {
			return;
		}
		Execution execution = this.executions.stream()
			.filter((each) -> each.request == request)
			.findFirst()
			.orElseGet(() -> {
				Execution first = new Execution(request);
				this.executions.add(first);
				return first;
			});
		execution.nanos += nanos;
		// While it is executed: both may become known only later, or be gone then.
		String route = request.route();
		String traceId = request.traceId();
		execution.route = (route != null) ? route : execution.route;
		execution.traceId = (traceId != null) ? traceId : execution.traceId;
	}

	/**
	 * Return the requests that have stalled their loop and were not returned yet.
	 * @return the requests
	 */
	List<ExecutingRequest> takeRequests() {
		List<ExecutingRequest> requests = new ArrayList<>();
		for (Execution execution : this.executions) {
			if (!execution.taken) {
				execution.taken = true;
				requests.add(execution.request);
			}
		}
		return requests;
	}

	/**
	 * Note that the stall is over.
	 * @param ended the iteration, as the loop noted it
	 * @param cpuNanos the CPU time that its thread has used by now, or -1 if nobody can
	 * tell
	 */
	void end(LongIteration ended, long cpuNanos) {
		this.iteration = ended;
		this.concluded = null;
		move(ended.endedAt(), ended.steps());
		if (cpuNanos >= 0 && this.cpuNanosBefore >= 0) {
			// It has gone on since; but in what was left of the stall it used no more
			// than that.
			long used = this.cpuNanos + Math.max(0, ended.endedAt() - this.cpuNanosAt);
			this.cpuNanos = Math.max(0, Math.min(Math.min(cpuNanos - this.cpuNanosBefore, used), ended.nanos()));
		}
	}

	/** What the thread had used when the stall ended, or -1. */
	long cpuNanosAfter() {
		return (this.cpuNanosBefore >= 0) ? this.cpuNanosBefore + this.cpuNanos : -1;
	}

	/** Have the stall told of when it is settled, but not remembered. */
	void forget() {
		this.forgotten = true;
	}

	boolean isForgotten() {
		return this.forgotten;
	}

	int samples() {
		return this.samples;
	}

	/**
	 * Draw the conclusions that can be drawn from what was seen so far. Cheap where
	 * nothing was seen since they were drawn last, for readers may ask often.
	 * @param now the current instant
	 * @param monitor knows when the process was not running
	 * @param reader knows whose code is whose
	 * @return the stall as far as it is known
	 */
	Stall conclude(long now, EventLoopMonitor monitor, StackReader reader) {
		Stall known = this.concluded;
		if (known == null || this.concludedFrom != this.samples) {
			known = concludeFinally(now, monitor, reader);
			this.concluded = known;
			this.concludedFrom = this.samples;
		}
		if (!known.inProgress()) {
			return known;
		}
		return known.lasting(Duration.ofNanos(Math.max(0, now - this.startedAt)), stacksUntil(now));
	}

	/**
	 * Draw the conclusions from all that is known by now.
	 * @param now the current instant
	 * @param monitor knows when the process was not running
	 * @param reader knows whose code is whose
	 * @return the stall
	 */
	Stall concludeFinally(long now, EventLoopMonitor monitor, StackReader reader) {
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
		LockOwner lockOwner = witnesses.isEmpty() ? null : witnesses.get(0).lockOwner();
		Execution execution = this.executions.stream().max(Comparator.comparingLong((each) -> each.nanos)).orElse(null);
		return new Stall(this.id, ReadableFrame.printable(this.loop.name()), this.loop.group(), this.startInstant,
				Duration.ofNanos(nanos), ended == null, cause, culprit, lockOwner,
				(execution != null) ? execution.route : null, (execution != null) ? execution.traceId : null,
				this.inFlightRequests, this.cpuNanos, gcNanos, events, this.steps, this.samples,
				Advice.of(cause, culprit, frames), reader.fold(frames), stacks);
	}

	/** The last stack stands for what is left too. The most important first. */
	private List<SampledStack> stacksUntil(long end) {
		List<SampledStack> result = new ArrayList<>(this.stacks);
		long left = end - this.lastSampleAt;
		if (left > 0 && !result.isEmpty()) {
			int last = result.size() - 1;
			result.set(last, result.get(last).longer(left));
		}
		result.sort(Comparator.comparingLong(SampledStack::nanos).reversed());
		return result;
	}

	/**
	 * A request in whose code the loop was seen.
	 */
	private static final class Execution {

		private final ExecutingRequest request;

		private long nanos;

		private @Nullable String route;

		private @Nullable String traceId;

		private boolean taken;

		Execution(ExecutingRequest request) {
			this.request = request;
		}

	}

}
