package io.github.eventloop.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

	private static final String MESSAGES_OF_ONE_CONNECTION = """
			If this is called for many messages: all of them came from one WebSocket connection, so also let the \
			client open more connections, or limit how many messages it has in flight.""";

	final long id;

	final MonitoredLoop loop;

	/** As {@link System#nanoTime()}. */
	final long startedAt;

	private final Instant startInstant;

	/** What was known of the loop when it was not stalled yet. */
	private final Baseline baseline;

	/** The stacks seen, each once. */
	private final List<SampledStack> stacks = new ArrayList<>();

	/** What each sample stands for, in the order of time. */
	private final List<Interval> intervals = new ArrayList<>();

	/** The frames of these stacks: most of them are in several. */
	private final Map<StackTraceElement, StackTraceElement> frames = new HashMap<>();

	private int samples;

	private long lastSampleAt;

	/** What the thread had used at the last sample, or at the baseline. */
	private ThreadUsage usage;

	private ProcessUsage processUsage = ProcessUsage.NOTHING;

	/** The time between samples in which the loop was seen to make steps. */
	private long movingNanos;

	/** The time between samples in which it was seen to make none. */
	private long standingNanos;

	/** When the steps were looked at last, or 0. */
	private long stepsSeenAt;

	private long steps;

	private final ExecutedRequests requests = new ExecutedRequests();

	private int inFlightRequests;

	/** The pools that were seen exhausted while the loop waited. */
	private List<String> exhaustedPools = List.of();

	/** At which number of samples to look for them. */
	private int poolsDueAt = 1;

	private @Nullable LongIteration iteration;

	private boolean forgotten;

	/** What was concluded last, and from how many samples. */
	private @Nullable Stall concluded;

	private int concludedFrom = -1;

	/**
	 * Create evidence without samples.
	 * @param id the stall
	 * @param loop the loop
	 * @param startedAt when the stall began, as {@link System#nanoTime()}
	 * @param baseline what was known of the loop before
	 */
	Evidence(long id, MonitoredLoop loop, long startedAt, Baseline baseline) {
		this.id = id;
		this.loop = loop;
		this.startedAt = startedAt;
		this.startInstant = Instant.now().minusNanos(System.nanoTime() - startedAt);
		this.baseline = baseline;
		this.lastSampleAt = startedAt;
		this.usage = baseline.usage();
	}

	/**
	 * Add a sample.
	 * @param sample the sample
	 * @param usage what the thread has used by then
	 * @param process what the process has used by then
	 * @param steps the steps that the loop has made since the stall began
	 */
	void add(Sample sample, ThreadUsage usage, ProcessUsage process, long steps) {
		long nanos = Math.max(1, sample.at() - this.lastSampleAt);
		this.requests.add(sample.request(), nanos);
		StackTraceElement[] stack = remember(sample, nanos);
		this.intervals.add(interval(sample.at(), sample.cause(), stack, sample.lockOwner(), usage, sample.at()));
		this.samples++;
		this.lastSampleAt = sample.at();
		this.usage = usage;
		this.processUsage = process.since(this.baseline.process());
		move(sample.at(), steps);
		this.inFlightRequests = Math.max(this.inFlightRequests, this.loop.inFlightRequests());
	}

	/** Equal stacks are one array, and equal frames one object. */
	private StackTraceElement[] remember(Sample sample, long nanos) {
		for (int i = 0; i < this.stacks.size(); i++) {
			if (this.stacks.get(i).is(sample.cause(), sample.stack())) {
				this.stacks.set(i, this.stacks.get(i).seenAgain(nanos));
				return this.stacks.get(i).frames();
			}
		}
		StackTraceElement[] stack = sample.stack().clone();
		for (int i = 0; i < stack.length; i++) {
			StackTraceElement known = this.frames.putIfAbsent(stack[i], stack[i]);
			stack[i] = (known != null) ? known : stack[i];
		}
		this.stacks.add(new SampledStack(sample.cause(), stack, 1, nanos));
		return stack;
	}

	/**
	 * Bound what the thread used since the last sample. Before the first one, it may have
	 * used some of it before the stall; and where the reading comes later than the end,
	 * some of it after the stall.
	 */
	private Interval interval(long to, @Nullable StallCause seen, StackTraceElement[] stack,
			@Nullable LockOwner lockOwner, ThreadUsage usage, long readAt) {
		long nanos = Math.max(0, to - this.lastSampleAt);
		boolean first = this.intervals.isEmpty();
		long outside = Math.max(0, readAt - to) + (first ? this.baseline.beforeNanos() : 0);
		long missed = first ? this.baseline.missedNanos() : 0;
		long cpu = usage.cpuNanos() - this.usage.cpuNanos();
		boolean cpuKnown = usage.cpuNanos() >= 0 && this.usage.cpuNanos() >= 0;
		long queued = usage.queuedNanos() - this.usage.queuedNanos();
		boolean queuedKnown = usage.queuedNanos() >= 0 && this.usage.queuedNanos() >= 0;
		return new Interval(this.lastSampleAt, to, seen, stack, lockOwner,
				cpuKnown ? Math.max(0, Math.min(nanos, cpu - outside)) : 0,
				cpuKnown ? Math.max(0, Math.min(nanos, cpu + missed)) : nanos,
				queuedKnown ? Math.max(0, Math.min(nanos, queued + missed)) : -1);
	}

	private void move(long at, long steps) {
		if (this.stepsSeenAt != 0) {
			long nanos = at - this.stepsSeenAt;
			this.movingNanos += (steps != this.steps) ? nanos : 0;
			this.standingNanos += (steps == this.steps) ? nanos : 0;
		}
		else if (steps < Diagnosis.FEWEST_STEPS) {
			// Otherwise it is unknown how they are spread before the first sample.
			this.standingNanos += at - this.startedAt;
		}
		this.stepsSeenAt = at;
		this.steps = steps;
	}

	/**
	 * Return the requests that have stalled their loop and were not returned yet.
	 * @return the requests
	 */
	List<ExecutingRequest> takeRequests() {
		return this.requests.take();
	}

	/**
	 * Return whether to look for exhausted pools: at the first sample, the second, the
	 * fourth and so on, until there are some, or the loop waits for something no more.
	 * @return whether it is time to, once each time
	 */
	boolean takePoolsDue() {
		if (this.samples < this.poolsDueAt || !this.exhaustedPools.isEmpty()) {
			return false;
		}
		this.poolsDueAt = 2 * this.samples;
		return isWaiting(this.intervals.get(this.intervals.size() - 1).seen());
	}

	/** Pools wait in steps, for a notification, or for the lock of what does. */
	private static boolean isWaiting(@Nullable StallCause cause) {
		return cause == StallCause.WAITING || cause == StallCause.LOCK || cause == StallCause.SLEEPING;
	}

	/**
	 * Add the pools that are exhausted while the loop waits.
	 * @param pools a description of each
	 */
	void addExhaustedPools(List<String> pools) {
		this.exhaustedPools = pools;
		this.concluded = null;
	}

	/**
	 * Add the end of the stall.
	 * @param ended the iteration, as the loop recorded it
	 * @param usage what the thread has used by now
	 * @param process what the process has used by now
	 * @param now the current instant
	 */
	void end(LongIteration ended, ThreadUsage usage, ProcessUsage process, long now) {
		this.iteration = ended;
		this.concluded = null;
		if (ended.endedAt() - this.lastSampleAt > 0) {
			Interval last = this.intervals.isEmpty() ? null : this.intervals.get(this.intervals.size() - 1);
			this.intervals.add(
					(last != null) ? interval(ended.endedAt(), last.seen(), last.frames(), last.lockOwner(), usage, now)
							: interval(ended.endedAt(), null, new StackTraceElement[0], null, usage, now));
		}
		this.processUsage = process.since(this.baseline.process());
		move(ended.endedAt(), ended.steps());
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
		long events = (ended != null) ? ended.events() : 0;
		Diagnosis diagnosis = new Diagnosis(facts(end, monitor), reader);
		StallCause cause = diagnosis.cause();
		List<SampledStack> witnesses = diagnosis.witnesses();
		Blame blame = new Blame(reader);
		boolean toBlame = cause != StallCause.STARVED;
		Culprit culprit = toBlame ? blame.of(witnesses) : null;
		Culprit doing = (toBlame && culprit == null) ? blame.doing(witnesses) : null;
		StackTraceElement[] frames = witnesses.isEmpty() ? new StackTraceElement[0] : witnesses.get(0).frames();
		long starvedNanos = diagnosis.share(StallCause.STARVED);
		String starvedBy = starvedBy(diagnosis, nanos);
		return new Stall(this.id, ReadableFrame.printable(this.loop.name()), this.loop.group(), this.startInstant,
				Duration.ofNanos(nanos), ended == null, cause, culprit, blame.entry(witnesses, culprit), doing,
				diagnosis.lockOwner(), this.requests.route(), this.requests.traceId(), this.inFlightRequests,
				diagnosis.cpuNanos(), diagnosis.share(StallCause.GC), starvedNanos, starvedBy, events, this.steps,
				diagnosis.isOfOneConnection(), this.samples, advice(diagnosis, culprit, frames, starvedBy, nanos),
				reader.fold(frames), stacks);
	}

	private String advice(Diagnosis diagnosis, @Nullable Culprit culprit, StackTraceElement[] frames,
			@Nullable String starvedBy, long nanos) {
		StallCause cause = diagnosis.cause();
		LockOwner owner = diagnosis.lockOwner();
		boolean cold = (owner != null && owner.loadsClass())
				|| (cause == StallCause.COMPUTING && WarmUp.explains(this.processUsage, nanos, culprit != null));
		List<SampledStack> stacks = cold ? List.of(new SampledStack(cause, WarmUp.addTo(frames), 1, nanos))
				: diagnosis.witnesses();
		Set<String> facts = new HashSet<>();
		boolean oneConnection = diagnosis.isOfOneConnection();
		if (oneConnection) {
			facts.add(AdviceEntry.ONE_CONNECTION);
		}
		if (starvedBy != null) {
			facts.add(starvedBy);
		}
		String advice = Advice.of(cause, culprit, stacks, facts);
		if (isWaiting(cause) && !this.exhaustedPools.isEmpty()) {
			advice += " Exhausted meanwhile: " + String.join(", ", this.exhaustedPools) + ".";
		}
		return (oneConnection && cause != StallCause.FLOOD) ? advice + " " + MESSAGES_OF_ONE_CONNECTION : advice;
	}

	private StallFacts facts(long end, EventLoopMonitor monitor) {
		long collectorCpu = this.processUsage.cpuNanos();
		return new StallFacts(monitor.settings().stallThreshold().toNanos(), List.copyOf(this.intervals),
				this.baseline.usage().cpuNanos() >= 0, monitor::collectingNanos,
				(collectorCpu >= 0) ? collectorCpu + 2 * ProcessUsage.TICK_NANOS : Long.MAX_VALUE,
				monitor.collectedConcurrently(this.startedAt, end),
				monitor.pausedNanos(this.startedAt, end) + monitor.starvedNanos(this.startedAt, end),
				(this.iteration != null) ? this.iteration.events() : 0, this.steps,
				this.movingNanos > this.standingNanos, (this.iteration != null) ? this.iteration.ioNanos() : 0);
	}

	private @Nullable String starvedBy(Diagnosis diagnosis, long nanos) {
		if (diagnosis.share(StallCause.STARVED) < StarvedBy.LEAST_NANOS || !diagnosis.isQueued()) {
			return null;
		}
		return StarvedBy.of(this.processUsage, nanos);
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

}
