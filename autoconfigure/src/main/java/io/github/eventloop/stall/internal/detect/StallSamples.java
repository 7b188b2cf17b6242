package io.github.eventloop.stall.internal.detect;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.thread.VirtualThreads;
import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.LockOwner;
import io.github.eventloop.stall.SampledStack;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.internal.advice.Advice;
import io.github.eventloop.stall.internal.advice.AdviceEntry;
import io.github.eventloop.stall.internal.cause.Diagnosis;
import io.github.eventloop.stall.internal.cause.StallFacts;
import io.github.eventloop.stall.internal.cause.StarvedBy;
import io.github.eventloop.stall.internal.cause.TaskProgress;
import io.github.eventloop.stall.internal.cause.WarmUp;
import io.github.eventloop.stall.internal.sample.Baseline;
import io.github.eventloop.stall.internal.sample.ProcessUsage;
import io.github.eventloop.stall.internal.sample.Sample;
import io.github.eventloop.stall.internal.sample.SampledStacks;
import io.github.eventloop.stall.internal.sample.ThreadUsage;
import io.github.eventloop.stall.internal.sample.UsageIntervals;
import io.github.eventloop.stall.internal.stack.CulpritFinder;
import io.github.eventloop.stall.internal.stack.GatewayFilter;
import io.github.eventloop.stall.internal.stack.ReadableFrame;

/**
 * The samples and measurements of one stall, from which a {@link Stall} is derived.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
public final class StallSamples {

	/** Name of outgoing connections of the application in the advice. */
	private static final String CLIENTS = "clients";

	/** Shorter stalls exceed no timeout of a client. */
	private static final long LONG_FOR_CLIENTS_NANOS = TimeUnit.SECONDS.toNanos(1);

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

	private final SampledStacks stacks = new SampledStacks();

	private final UsageIntervals intervals;

	private final TaskProgress progress;

	private int count;

	private ProcessUsage processUsage = ProcessUsage.NOTHING;

	private final ExecutedRequests requests = new ExecutedRequests();

	private int inFlightRequests;

	/** The pools that were exhausted while the loop waited. */
	private List<String> exhaustedPools = List.of();

	/** The number of samples at which to check the pools next. */
	private int poolsDueAt = 1;

	private @Nullable LongIteration iteration;

	private boolean forgotten;

	/** The name of the loop, or {@code null} before the first conclusion. */
	private @Nullable String name;

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
		this.intervals = new UsageIntervals(startedAt, baseline);
		this.progress = new TaskProgress(startedAt);
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
		long nanos = Math.max(1, this.intervals.sinceLastSample(sample.at()));
		this.requests.add(sample.request(), nanos);
		this.intervals.add(sample, this.stacks.add(sample, nanos), usage);
		this.count++;
		this.processUsage = process.since(this.baseline.process());
		this.progress.add(sample.at(), tasksStarted);
		this.inFlightRequests = Math.max(this.inFlightRequests, this.loop.inFlightRequests());
	}

	/**
	 * Return the sampled requests that this method has not returned before.
	 * @return the requests
	 */
	public List<ExecutingRequest> takeRequests() {
		return this.requests.take();
	}

	/**
	 * Return whether a check for exhausted pools is due: at the first sample, the second,
	 * the fourth and so on, if the loop waits and none were found yet.
	 * @return whether it is due, once for each check
	 */
	public boolean takePoolsDue() {
		if (this.count < this.poolsDueAt || !this.exhaustedPools.isEmpty()) {
			return false;
		}
		this.poolsDueAt = 2 * this.count;
		return isWaiting(this.intervals.last().sampledCause());
	}

	/** A wait for a pool is a sleep, a wait for a notification, or a wait for a lock. */
	private static boolean isWaiting(@Nullable StallCause cause) {
		return cause == StallCause.WAITING || cause == StallCause.LOCK || cause == StallCause.SLEEPING;
	}

	/**
	 * Add the result of a check for exhausted pools.
	 * @param pools a description of each exhausted pool; an empty result changes nothing,
	 * because the pools may have recovered meanwhile
	 */
	public void addExhaustedPools(List<String> pools) {
		if (!pools.isEmpty()) {
			this.exhaustedPools = pools;
			this.concluded = null;
		}
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
		this.intervals.end(ended.endedAt(), usage, now);
		this.processUsage = process.since(this.baseline.process());
		this.progress.add(ended.endedAt(), ended.tasksStarted());
	}

	/** Exclude the stall from the history. Listeners are notified of it nevertheless. */
	void forget() {
		this.forgotten = true;
	}

	public boolean isForgotten() {
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
	public Stall conclude(long now, EventLoopMonitor monitor, StackReader reader) {
		Stall known = this.concluded;
		if (known == null || this.concludedCount != this.count) {
			known = concludeFinally(now, monitor, reader);
			this.concluded = known;
			this.concludedCount = this.count;
		}
		if (!known.inProgress()) {
			return known;
		}
		return known.at(Duration.ofNanos(Math.max(0, now - this.startedAt)),
				new Stall.Samples(known.samples().count(), known.samples().stack(), stacksUntil(now)));
	}

	/**
	 * Derive the stall from the samples and measurements so far, without the cache.
	 * @param now the current instant
	 * @param monitor provides the pauses of the process
	 * @param reader finds the culprit in a stack
	 * @return the stall
	 */
	public Stall concludeFinally(long now, EventLoopMonitor monitor, StackReader reader) {
		LongIteration ended = this.iteration;
		long end = (ended != null) ? ended.endedAt() : now;
		long nanos = Math.max(0, end - this.startedAt);
		List<SampledStack> stacks = stacksUntil(end);
		Diagnosis diagnosis = new Diagnosis(facts(end, monitor), reader);
		StallCause cause = diagnosis.cause();
		List<SampledStack> causeStacks = diagnosis.stacks();
		CulpritFinder culprits = new CulpritFinder(reader);
		boolean attributable = cause != StallCause.STARVED;
		Culprit culprit = attributable ? culprits.of(causeStacks) : null;
		Culprit doing = (attributable && culprit == null) ? culprits.doing(causeStacks) : null;
		StackTraceElement[] frames = causeStacks.isEmpty() ? new StackTraceElement[0] : causeStacks.get(0).frames();
		String starvedBy = starvedBy(diagnosis, nanos);
		return new Stall(this.id, name(monitor), this.loop.group(), this.loop.component(), this.startInstant,
				Duration.ofNanos(nanos), ended == null, cause,
				new Stall.Code(culprit, culprits.entry(causeStacks, culprit), doing, diagnosis.lockOwner()),
				new Stall.Requests(this.requests.route(), GatewayFilter.nameIn(frames), this.requests.traceId(),
						this.requests.peer(), this.inFlightRequests),
				new Stall.Times(diagnosis.cpuNanos(), diagnosis.share(StallCause.GC),
						diagnosis.share(StallCause.STARVED), starvedBy),
				new Stall.Work((ended != null) ? ended.events() : 0, this.progress.tasksStarted(),
						diagnosis.isOfOneConnection()),
				new Stall.Samples(this.count, reader.fold(frames), stacks),
				advice(diagnosis, culprit, frames, starvedBy, nanos));
	}

	/** The name is kept, because the loop may be removed before the last conclusion. */
	private String name(EventLoopMonitor monitor) {
		String known = this.name;
		if (known == null) {
			known = ReadableFrame.printable(monitor.nameOf(this.loop));
			this.name = known;
		}
		return known;
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
		Thread thread = this.loop.view().thread();
		if (thread != null && VirtualThreads.isVirtual(thread)) {
			facts.add(AdviceEntry.VIRTUAL_THREAD);
		}
		String component = component(nanos);
		if (component != null) {
			facts.add(component);
		}
		String advice = Advice.of(cause, culprit, stacks, facts);
		if (isWaiting(cause) && !this.exhaustedPools.isEmpty()) {
			advice += " Exhausted pools: " + String.join(", ", this.exhaustedPools) + ".";
		}
		return (oneConnection && cause != StallCause.FLOOD) ? advice + " " + MESSAGES_OF_ONE_CONNECTION : advice;
	}

	/**
	 * Return the component that is affected: the driver, or clients of the application.
	 */
	private @Nullable String component(long nanos) {
		String component = this.loop.component();
		return (component == null && nanos >= LONG_FOR_CLIENTS_NANOS && this.loop.roles().contains(LoopRole.CLIENT))
				? CLIENTS : component;
	}

	private StallFacts facts(long end, EventLoopMonitor monitor) {
		long collectorCpu = this.processUsage.cpuNanos();
		return new StallFacts(monitor.settings().stallThreshold().toNanos(), this.intervals.toList(),
				this.baseline.usage().cpuNanos() >= 0, monitor::collectingNanos,
				(collectorCpu >= 0) ? collectorCpu + 2 * ProcessUsage.TICK_NANOS : Long.MAX_VALUE,
				monitor.collectedConcurrently(this.startedAt, end),
				monitor.pausedNanos(this.startedAt, end) + monitor.starvedNanos(this.startedAt, end),
				(this.iteration != null) ? this.iteration.events() : 0, this.progress.tasksStarted(),
				this.progress.isAdvancing(), (this.iteration != null) ? this.iteration.ioNanos() : 0);
	}

	private @Nullable String starvedBy(Diagnosis diagnosis, long nanos) {
		if (diagnosis.share(StallCause.STARVED) < StarvedBy.MIN_REPORTED_NANOS || !diagnosis.isQueued()) {
			return null;
		}
		return StarvedBy.of(this.processUsage, nanos);
	}

	private List<SampledStack> stacksUntil(long end) {
		return this.stacks.plusNanos(this.intervals.sinceLastSample(end));
	}

}
