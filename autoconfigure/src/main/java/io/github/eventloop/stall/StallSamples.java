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
 * The samples and measurements of one stall, from which a {@link Stall} is derived.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
final class StallSamples {

	private static final String MESSAGES_OF_ONE_CONNECTION = """
			If this is called for many messages: all of them came from one WebSocket connection, so also let the \
			client open more connections, or limit how many messages it has in flight.""";

	final long id;

	final MonitoredLoop loop;

	/** When the stall started, as {@link System#nanoTime()}. */
	final long startedAt;

	private final Instant startInstant;

	/** The usage before the stall. */
	private final Baseline baseline;

	/** The distinct stacks. */
	private final List<SampledStack> stacks = new ArrayList<>();

	/** The time that each sample accounts for, in order. */
	private final List<Interval> intervals = new ArrayList<>();

	/** The distinct frames: most of them occur in several stacks. */
	private final Map<StackTraceElement, StackTraceElement> frames = new HashMap<>();

	private int count;

	private long lastSampleAt;

	/** The usage of the thread at the last sample, or at the baseline. */
	private ThreadUsage usage;

	private ProcessUsage processUsage = ProcessUsage.NOTHING;

	/** The time between samples in which the loop started tasks. */
	private long advancingNanos;

	/** The time between samples in which it started none. */
	private long stuckNanos;

	/** When the tasks started were last read, or 0. */
	private long tasksSeenAt;

	private long tasksStarted;

	private final ExecutedRequests requests = new ExecutedRequests();

	private int inFlightRequests;

	/** The pools that were exhausted while the loop waited. */
	private List<String> exhaustedPools = List.of();

	/** The number of samples at which to check the pools next. */
	private int poolsDueAt = 1;

	private @Nullable LongIteration iteration;

	private boolean forgotten;

	/** The last conclusion, and the number of samples that it is based on. */
	private @Nullable Stall concluded;

	private int concludedCount = -1;

	/**
	 * Create an instance without samples.
	 * @param id the id of the stall
	 * @param loop the loop
	 * @param startedAt when the stall started, as {@link System#nanoTime()}
	 * @param baseline the usage before the stall
	 */
	StallSamples(long id, MonitoredLoop loop, long startedAt, Baseline baseline) {
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
	 * @param usage the usage of the thread at the sample
	 * @param process the usage of the process at the sample
	 * @param tasksStarted the tasks and requests that the loop has started since the
	 * start of the stall
	 */
	void add(Sample sample, ThreadUsage usage, ProcessUsage process, long tasksStarted) {
		long nanos = Math.max(1, sample.at() - this.lastSampleAt);
		this.requests.add(sample.request(), nanos);
		StackTraceElement[] stack = intern(sample, nanos);
		this.intervals.add(interval(sample.at(), sample.cause(), stack, sample.lockOwner(), usage, sample.at()));
		this.count++;
		this.lastSampleAt = sample.at();
		this.usage = usage;
		this.processUsage = process.since(this.baseline.process());
		recordProgress(sample.at(), tasksStarted);
		this.inFlightRequests = Math.max(this.inFlightRequests, this.loop.inFlightRequests());
	}

	/**
	 * Return the same array for equal stacks, made of the same object for equal frames.
	 */
	private StackTraceElement[] intern(Sample sample, long nanos) {
		for (int i = 0; i < this.stacks.size(); i++) {
			if (this.stacks.get(i).is(sample.cause(), sample.stack())) {
				this.stacks.set(i, this.stacks.get(i).sampledAgain(nanos));
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
	 * Compute the bounds of the usage since the last sample. For the first sample, part
	 * of the usage may precede the stall; for a reading after the end, part may follow
	 * it.
	 */
	private Interval interval(long to, @Nullable StallCause sampledCause, StackTraceElement[] stack,
			@Nullable LockOwner lockOwner, ThreadUsage usage, long readAt) {
		long nanos = Math.max(0, to - this.lastSampleAt);
		boolean first = this.intervals.isEmpty();
		long outside = Math.max(0, readAt - to) + (first ? this.baseline.activeBeforeNanos() : 0);
		long missed = first ? this.baseline.missedNanos() : 0;
		long cpu = usage.cpuNanos() - this.usage.cpuNanos();
		boolean cpuKnown = usage.cpuNanos() >= 0 && this.usage.cpuNanos() >= 0;
		long queued = usage.queuedNanos() - this.usage.queuedNanos();
		boolean queuedKnown = usage.queuedNanos() >= 0 && this.usage.queuedNanos() >= 0;
		return new Interval(this.lastSampleAt, to, sampledCause, stack, lockOwner,
				cpuKnown ? Math.max(0, Math.min(nanos, cpu - outside)) : 0,
				cpuKnown ? Math.max(0, Math.min(nanos, cpu + missed)) : nanos,
				queuedKnown ? Math.max(0, Math.min(nanos, queued + missed)) : -1);
	}

	private void recordProgress(long at, long tasksStarted) {
		if (this.tasksSeenAt != 0) {
			long nanos = at - this.tasksSeenAt;
			this.advancingNanos += (tasksStarted != this.tasksStarted) ? nanos : 0;
			this.stuckNanos += (tasksStarted == this.tasksStarted) ? nanos : 0;
		}
		else if (tasksStarted < Diagnosis.FEWEST_TASKS) {
			// Otherwise their distribution before the first sample is unknown.
			this.stuckNanos += at - this.startedAt;
		}
		this.tasksSeenAt = at;
		this.tasksStarted = tasksStarted;
	}

	/**
	 * Return the sampled requests that this method has not returned before.
	 * @return the requests
	 */
	List<ExecutingRequest> takeRequests() {
		return this.requests.take();
	}

	/**
	 * Return whether a check for exhausted pools is due: at the first sample, the second,
	 * the fourth and so on, if the loop waits and none were found yet.
	 * @return whether it is due, once for each check
	 */
	boolean takePoolsDue() {
		if (this.count < this.poolsDueAt || !this.exhaustedPools.isEmpty()) {
			return false;
		}
		this.poolsDueAt = 2 * this.count;
		return isWaiting(this.intervals.get(this.intervals.size() - 1).sampledCause());
	}

	/** A wait for a pool is a sleep, a wait for a notification, or a wait for a lock. */
	private static boolean isWaiting(@Nullable StallCause cause) {
		return cause == StallCause.WAITING || cause == StallCause.LOCK || cause == StallCause.SLEEPING;
	}

	/**
	 * Set the pools that are exhausted while the loop waits.
	 * @param pools a description of each
	 */
	void addExhaustedPools(List<String> pools) {
		this.exhaustedPools = pools;
		this.concluded = null;
	}

	/**
	 * Add the end of the stall.
	 * @param ended the iteration, as the loop recorded it
	 * @param usage the current usage of the thread
	 * @param process the current usage of the process
	 * @param now the current instant
	 */
	void end(LongIteration ended, ThreadUsage usage, ProcessUsage process, long now) {
		this.iteration = ended;
		this.concluded = null;
		if (ended.endedAt() - this.lastSampleAt > 0) {
			Interval last = this.intervals.isEmpty() ? null : this.intervals.get(this.intervals.size() - 1);
			this.intervals.add((last != null)
					? interval(ended.endedAt(), last.sampledCause(), last.frames(), last.lockOwner(), usage, now)
					: interval(ended.endedAt(), null, new StackTraceElement[0], null, usage, now));
		}
		this.processUsage = process.since(this.baseline.process());
		recordProgress(ended.endedAt(), ended.tasksStarted());
	}

	/** Exclude the stall from the history. Listeners are notified of it nevertheless. */
	void forget() {
		this.forgotten = true;
	}

	boolean isForgotten() {
		return this.forgotten;
	}

	int count() {
		return this.count;
	}

	/**
	 * Derive the stall from the samples so far. Cached until the next sample, because
	 * readers may poll frequently.
	 * @param now the current instant
	 * @param monitor provides the pauses of the process
	 * @param reader finds the culprit in a stack
	 * @return the stall
	 */
	Stall conclude(long now, EventLoopMonitor monitor, StackReader reader) {
		Stall known = this.concluded;
		if (known == null || this.concludedCount != this.count) {
			known = concludeFinally(now, monitor, reader);
			this.concluded = known;
			this.concludedCount = this.count;
		}
		if (!known.inProgress()) {
			return known;
		}
		return known.withDuration(Duration.ofNanos(Math.max(0, now - this.startedAt)), stacksUntil(now));
	}

	/**
	 * Derive the stall from the samples and measurements so far, without the cache.
	 * @param now the current instant
	 * @param monitor provides the pauses of the process
	 * @param reader finds the culprit in a stack
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
		List<SampledStack> causeStacks = diagnosis.stacks();
		CulpritFinder culprits = new CulpritFinder(reader);
		boolean attributable = cause != StallCause.STARVED;
		Culprit culprit = attributable ? culprits.of(causeStacks) : null;
		Culprit doing = (attributable && culprit == null) ? culprits.doing(causeStacks) : null;
		StackTraceElement[] frames = causeStacks.isEmpty() ? new StackTraceElement[0] : causeStacks.get(0).frames();
		long starvedNanos = diagnosis.share(StallCause.STARVED);
		String starvedBy = starvedBy(diagnosis, nanos);
		return new Stall(this.id, ReadableFrame.printable(this.loop.name()), this.loop.group(), this.startInstant,
				Duration.ofNanos(nanos), ended == null, cause, culprit, culprits.entry(causeStacks, culprit), doing,
				diagnosis.lockOwner(), this.requests.route(), this.requests.traceId(), this.inFlightRequests,
				diagnosis.cpuNanos(), diagnosis.share(StallCause.GC), starvedNanos, starvedBy, events,
				this.tasksStarted, diagnosis.isOfOneConnection(), this.count,
				advice(diagnosis, culprit, frames, starvedBy, nanos), reader.fold(frames), stacks);
	}

	private String advice(Diagnosis diagnosis, @Nullable Culprit culprit, StackTraceElement[] frames,
			@Nullable String starvedBy, long nanos) {
		StallCause cause = diagnosis.cause();
		LockOwner owner = diagnosis.lockOwner();
		boolean warmUp = (owner != null && owner.loadsClass())
				|| (cause == StallCause.COMPUTING && WarmUp.explains(this.processUsage, nanos, culprit != null));
		List<SampledStack> stacks = warmUp ? List.of(new SampledStack(cause, WarmUp.addTo(frames), 1, nanos))
				: diagnosis.stacks();
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
			advice += " Exhausted pools: " + String.join(", ", this.exhaustedPools) + ".";
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
				(this.iteration != null) ? this.iteration.events() : 0, this.tasksStarted,
				this.advancingNanos > this.stuckNanos, (this.iteration != null) ? this.iteration.ioNanos() : 0);
	}

	private @Nullable String starvedBy(Diagnosis diagnosis, long nanos) {
		if (diagnosis.share(StallCause.STARVED) < StarvedBy.MIN_REPORTED_NANOS || !diagnosis.isQueued()) {
			return null;
		}
		return StarvedBy.of(this.processUsage, nanos);
	}

	/** Add the time since the last sample to the last stack. Longest time first. */
	private List<SampledStack> stacksUntil(long end) {
		List<SampledStack> result = new ArrayList<>(this.stacks);
		long left = end - this.lastSampleAt;
		if (left > 0 && !result.isEmpty()) {
			int last = result.size() - 1;
			result.set(last, result.get(last).plusNanos(left));
		}
		result.sort(Comparator.comparingLong(SampledStack::nanos).reversed());
		return result;
	}

}
