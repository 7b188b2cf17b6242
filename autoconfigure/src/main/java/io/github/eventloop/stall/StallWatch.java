package io.github.eventloop.stall;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.eventloop.monitor.Announcer;
import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Looks at loops while they are stalled, and remembers what it saw: the newest stalls one
 * by one, and all of them grouped by culprit and cause.
 * <p>
 * Looks for the first time when an iteration reaches the monitor's stall threshold, then
 * every {@link StallSettings#sampleInterval()} for fifty times, then at intervals that
 * double. Nothing is done while no loop is stalled, and nothing ever on a loop.
 * <p>
 * Thread-safe. Reading takes a lock that the watching thread holds while it looks: for a
 * fraction of a millisecond.
 *
 * @since 0.1.0
 */
public final class StallWatch implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(StallWatch.class);

	/** How often to ask whether all evidence of a stall that has ended is in. */
	private static final long SETTLING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	/** The collectors may tell of a pause hundreds of milliseconds after it. */
	private static final long LONGEST_SETTLING_NANOS = TimeUnit.SECONDS.toNanos(2);

	private static final int LOOPS_AT_FULL_RATE = 8;

	private static final Comparator<Stall> NEWEST_FIRST = Comparator.comparingLong(Stall::id).reversed();

	private final EventLoopMonitor monitor;

	private final StallSettings settings;

	private final StackReader reader;

	private final ExhaustedPools pools;

	private final ThreadSampler sampler;

	private final List<StallListener> listeners = new CopyOnWriteArrayList<>();

	/**
	 * What a tracer does with an event, or a pool to count its connections, it shall not
	 * do in the watching thread's time.
	 */
	private final Announcer traces = new Announcer("eventloop-traces", 64);

	/** Guards everything below, down to the blank line. */
	private final Object lock = new Object();

	private IdentityHashMap<MonitoredLoop, LoopWatch> watches = new IdentityHashMap<>();

	/** Stalls that have ended, until all evidence is in. Oldest first. */
	private final Deque<Settling> settling = new ArrayDeque<>();

	private final StallHistory history = new StallHistory();

	private final HotspotTable hotspots = new HotspotTable();

	private long lastId;

	private final ThreadUsageClock threadUsage = new ThreadUsageClock();

	private final ProcessUsageClock processUsage = new ProcessUsageClock();

	private final EventLoopListener listener = new EventLoopListener() {

		@Override
		public void onLoops(List<MonitoredLoop> loops) {
			watch(loops);
		}

		@Override
		public void onStallEnded(MonitoredLoop loop, LongIteration iteration) {
			end(loop, iteration);
		}

		@Override
		public long onWakeUp(long now) {
			return look(now);
		}

	};

	/**
	 * Watch the loops of a monitor, from {@link #start()} on.
	 * @param monitor the monitor
	 * @param reader knows whose code is whose
	 * @param settings how to look
	 */
	public StallWatch(EventLoopMonitor monitor, StackReader reader, StallSettings settings) {
		this(monitor, reader, settings, List::of);
	}

	/**
	 * Watch the loops of a monitor, from {@link #start()} on.
	 * @param monitor the monitor
	 * @param reader knows whose code is whose
	 * @param settings how to look
	 * @param pools finds the pools that a loop may wait for
	 */
	public StallWatch(EventLoopMonitor monitor, StackReader reader, StallSettings settings, ExhaustedPools pools) {
		this.monitor = monitor;
		this.reader = reader;
		this.settings = settings;
		this.pools = pools;
		this.sampler = new ThreadSampler(reader);
	}

	/**
	 * Return how this watch looks at stalls.
	 * @return the settings
	 */
	public StallSettings settings() {
		return this.settings;
	}

	/**
	 * Tell a listener from now on.
	 * @param listener the listener
	 */
	public void addListener(StallListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Tell a listener no more.
	 * @param listener the listener
	 */
	public void removeListener(StallListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Start to watch. Loads what the first look at a stall needs, for that must not take
	 * its time then.
	 */
	public void start() {
		this.sampler.sample(List.of(new ThreadSampler.Target(Thread.currentThread(), -1)));
		Advice.of(StallCause.UNKNOWN, null, new StackTraceElement[0]);
		this.monitor.addListener(this.listener);
	}

	/**
	 * Stop to watch, and tell of the stalls that have just ended. What was seen stays.
	 */
	@Override
	public void close() {
		this.monitor.removeListener(this.listener);
		List<Stall> ended = new ArrayList<>();
		synchronized (this.lock) {
			long now = System.nanoTime();
			this.settling.forEach((settled) -> attempt(() -> ended.add(settle(settled.evidence, now))));
			this.settling.clear();
		}
		ended.forEach((stall) -> tell((listener) -> listener.onStallEnded(stall)));
		this.traces.close();
	}

	/**
	 * Return the stalls, those in progress and the newest of those that have ended.
	 * @return the stalls, newest first
	 */
	public List<Stall> stalls() {
		synchronized (this.lock) {
			List<Stall> stalls = new ArrayList<>(this.history.stalls());
			stalls.addAll(unfinished());
			stalls.sort(NEWEST_FIRST);
			return stalls;
		}
	}

	/**
	 * Return what is new about the {@link #stalls()}.
	 * @param position the {@link StallChanges#position() position} of the changes that
	 * the reader knows of; any other number for all stalls
	 * @return the changes since
	 */
	public StallChanges changesSince(long position) {
		synchronized (this.lock) {
			boolean unbroken = this.history.isUnbrokenSince(position);
			List<Stall> stalls = new ArrayList<>(unbroken ? this.history.addedSince(position) : this.history.stalls());
			stalls.addAll(unfinished());
			stalls.sort(NEWEST_FIRST);
			return new StallChanges(this.history.position(), !unbroken, stalls);
		}
	}

	/**
	 * Return one of the {@link #stalls()}.
	 * @param id its id
	 * @return the stall, or empty if there is none of that id
	 */
	public Optional<Stall> stall(long id) {
		return stalls().stream().filter((stall) -> stall.id() == id).findFirst();
	}

	/**
	 * Return the stalls grouped by culprit and cause, those in progress included.
	 * @return the hotspots, those that took the most time first
	 */
	public List<Hotspot> hotspots() {
		synchronized (this.lock) {
			HotspotTable all = this.hotspots.copy();
			unfinished().forEach(all::add);
			return all.hotspots();
		}
	}

	/**
	 * Forget all stalls that have ended, and their hotspots.
	 */
	public void clear() {
		synchronized (this.lock) {
			// They have to be told of all the same.
			this.settling.forEach((settling) -> settling.evidence.forget());
			this.history.clear();
			this.hotspots.clear();
		}
	}

	private List<Stall> unfinished() {
		long now = System.nanoTime();
		List<Stall> stalls = new ArrayList<>();
		for (LoopWatch watch : this.watches.values()) {
			Evidence open = watch.open();
			if (open != null) {
				stalls.add(conclude(open, now));
			}
		}
		this.settling.stream()
			.filter((settling) -> !settling.evidence.isForgotten())
			.forEach((settling) -> stalls.add(conclude(settling.evidence, now)));
		return stalls;
	}

	private Stall conclude(Evidence evidence, long now) {
		return evidence.conclude(now, this.monitor, this.reader);
	}

	private void watch(List<MonitoredLoop> loops) {
		synchronized (this.lock) {
			IdentityHashMap<MonitoredLoop, LoopWatch> present = new IdentityHashMap<>();
			for (MonitoredLoop loop : loops) {
				LoopWatch known = this.watches.get(loop);
				present.put(loop, (known != null) ? known : newWatch(loop));
			}
			this.watches = present;
		}
	}

	private LoopWatch newWatch(MonitoredLoop loop) {
		return new LoopWatch(loop, this.threadUsage, this.processUsage);
	}

	private void end(MonitoredLoop loop, LongIteration iteration) {
		synchronized (this.lock) {
			LoopWatch watch = this.watches.computeIfAbsent(loop, this::newWatch);
			Evidence evidence = watch.end(iteration, this::nextId);
			this.settling.add(new Settling(evidence, System.nanoTime()));
		}
	}

	private long nextId() {
		return ++this.lastId;
	}

	private long look(long now) {
		List<Stall> lasting = new ArrayList<>();
		List<Stall> ended = new ArrayList<>();
		long next = Long.MAX_VALUE;
		synchronized (this.lock) {
			long thresholdNanos = this.monitor.settings().stallThreshold().toNanos();
			long intervalNanos = intervalNanos();
			for (LoopWatch watch : this.watches.values()) {
				attempt(() -> watch.look(thresholdNanos, intervalNanos, this::nextId));
			}
			if (this.watches.values().stream().anyMatch(LoopWatch::isSampleDue)) {
				sample(this.watches.values().stream().filter(LoopWatch::isSampleWelcome).toList());
			}
			for (LoopWatch watch : this.watches.values()) {
				attempt(() -> report(watch, now, lasting));
				next = Math.min(next, watch.untilNextLook());
			}
			next = Math.min(next, settle(now, ended));
		}
		lasting.forEach((stall) -> tell((listener) -> listener.onStallInProgress(stall)));
		ended.forEach((stall) -> tell((listener) -> listener.onStallEnded(stall)));
		return next;
	}

	/**
	 * All at once, for however many threads are sampled, the whole process stops for it.
	 */
	private void sample(List<LoopWatch> due) {
		Map<Thread, Sample> samples = new HashMap<>();
		attempt(() -> samples.putAll(this.sampler.sample(due.stream().map(LoopWatch::target).toList())));
		due.forEach((watch) -> attempt(() -> watch.sampled(samples.get(watch.target().thread()))));
	}

	private void report(LoopWatch watch, long now, List<Stall> lasting) {
		Evidence lost = watch.takeLost(now);
		if (lost != null) {
			this.settling.add(new Settling(lost, now));
		}
		Evidence open = watch.open();
		if (open != null) {
			for (ExecutingRequest request : open.takeRequests()) {
				String description = conclude(open, System.nanoTime()).summary();
				this.traces.announce(() -> request.stalled(description));
			}
			if (open.takePoolsDue()) {
				this.traces.announce(() -> addExhaustedPools(open));
			}
			if (watch.isLogDue()) {
				lasting.add(conclude(open, System.nanoTime()));
			}
		}
	}

	private void addExhaustedPools(Evidence evidence) {
		List<String> exhausted = this.pools.describe();
		synchronized (this.lock) {
			evidence.addExhaustedPools(exhausted);
		}
	}

	/** What fails for one loop or stall must not keep the others from being seen. */
	private void attempt(Runnable step) {
		try {
			step.run();
		}
		catch (Throwable ex) {
			warn("Could not look at a stalled event loop", ex);
		}
	}

	/** Where many loops stall at once, each is looked at more rarely. */
	private long intervalNanos() {
		int open = 0;
		for (LoopWatch watch : this.watches.values()) {
			open += (watch.open() != null) ? 1 : 0;
		}
		return this.settings.sampleInterval().toNanos() * Math.max(1, open / LOOPS_AT_FULL_RATE);
	}

	private long settle(long now, List<Stall> ended) {
		if (this.settling.isEmpty()) {
			return Long.MAX_VALUE;
		}
		boolean allKnown = this.monitor.knowsAllCollections();
		while (!this.settling.isEmpty()) {
			Settling first = this.settling.getFirst();
			long age = now - first.since;
			if (age < SETTLING_NANOS || (!allKnown && age < LONGEST_SETTLING_NANOS)) {
				return SETTLING_NANOS;
			}
			this.settling.removeFirst();
			attempt(() -> ended.add(settle(first.evidence, now)));
		}
		return Long.MAX_VALUE;
	}

	private Stall settle(Evidence evidence, long now) {
		Stall stall = evidence.concludeFinally(now, this.monitor, this.reader);
		if (!evidence.isForgotten()) {
			this.history.add(stall);
			this.hotspots.add(stall);
		}
		return stall;
	}

	private void tell(Consumer<StallListener> call) {
		for (StallListener listener : this.listeners) {
			try {
				call.accept(listener);
			}
			catch (Throwable ex) {
				warn("A listener failed to take note of a stall", ex);
			}
		}
	}

	/** Not by this thread, which must not wait for a log that is stuck. */
	private void warn(String message, Throwable ex) {
		this.traces.announce(() -> logger.warn(message, ex));
	}

	/**
	 * A stall that has ended.
	 *
	 * @param evidence what was found
	 * @param since when we were told
	 */
	private record Settling(Evidence evidence, long since) {
	}

}
