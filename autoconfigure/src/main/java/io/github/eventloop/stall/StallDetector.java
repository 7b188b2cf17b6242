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

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.Notifier;

/**
 * Detector for stalls of event loops, which samples the loops while they are stalled.
 * Keeps the newest stalls, and all stalls grouped by culprit and cause.
 * <p>
 * Takes the first sample when an iteration reaches the monitor's stall threshold, then
 * one every {@link StallSettings#sampleInterval()} for fifty times, then at intervals
 * that double. There is no work while no loop is stalled, and none on the loops.
 * <p>
 * Thread-safe. Readers take a lock that the monitor thread holds while it polls and
 * samples, for a fraction of a millisecond.
 *
 * @since 0.1.0
 */
public final class StallDetector implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(StallDetector.class);

	/**
	 * How often to check whether all measurements of a stall that has ended are complete.
	 */
	private static final long SETTLING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	/** The notification of a collection may arrive hundreds of milliseconds after it. */
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
	 * Calls tracers and pools, and writes warnings: all of them may block, which the
	 * monitor thread must not.
	 */
	private final Notifier background = new Notifier("eventloop-traces", 64);

	/** Guards the fields below, up to the listener. */
	private final Object lock = new Object();

	private IdentityHashMap<MonitoredLoop, LoopStallTracker> trackers = new IdentityHashMap<>();

	/** Stalls that have ended, until their measurements are complete. Oldest first. */
	private final Deque<Settling> settling = new ArrayDeque<>();

	private final StallHistory history = new StallHistory();

	private final HotspotTable hotspots = new HotspotTable();

	private long lastId;

	private final ThreadUsageClock threadUsage = new ThreadUsageClock();

	private final ProcessUsageClock processUsage = new ProcessUsageClock();

	private final EventLoopListener listener = new EventLoopListener() {

		@Override
		public void onLoops(List<MonitoredLoop> loops) {
			updateLoops(loops);
		}

		@Override
		public void onStallEnded(MonitoredLoop loop, LongIteration iteration) {
			end(loop, iteration);
		}

		@Override
		public long onWakeUp(long now) {
			return poll(now);
		}

	};

	/**
	 * Create a detector for the loops of a monitor.
	 * @param monitor the monitor
	 * @param reader finds the culprit in a stack
	 * @param settings the settings
	 */
	public StallDetector(EventLoopMonitor monitor, StackReader reader, StallSettings settings) {
		this(monitor, reader, settings, List::of);
	}

	/**
	 * Create a detector for the loops of a monitor.
	 * @param monitor the monitor
	 * @param reader finds the culprit in a stack
	 * @param settings the settings
	 * @param pools finds the exhausted pools that a loop may be waiting for
	 */
	public StallDetector(EventLoopMonitor monitor, StackReader reader, StallSettings settings, ExhaustedPools pools) {
		this.monitor = monitor;
		this.reader = reader;
		this.settings = settings;
		this.pools = pools;
		this.sampler = new ThreadSampler(reader);
	}

	/**
	 * Return the settings of this detector.
	 * @return the settings
	 */
	public StallSettings settings() {
		return this.settings;
	}

	/**
	 * Add a listener.
	 * @param listener the listener
	 */
	public void addListener(StallListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Remove a listener.
	 * @param listener the listener
	 */
	public void removeListener(StallListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Start to detect stalls. Loads the classes that the first sample needs, so that
	 * loading them does not delay it.
	 */
	public void start() {
		this.sampler.sample(List.of(new ThreadSampler.Target(Thread.currentThread(), -1)));
		Advice.of(StallCause.UNKNOWN, null, new StackTraceElement[0]);
		this.monitor.addListener(this.listener);
	}

	/**
	 * Stop to detect stalls, and notify listeners of stalls that have just ended. The
	 * recorded stalls remain available.
	 */
	@Override
	public void close() {
		this.monitor.removeListener(this.listener);
		List<Stall> ended = new ArrayList<>();
		synchronized (this.lock) {
			long now = System.nanoTime();
			this.settling.forEach((settled) -> attempt(() -> ended.add(settle(settled.samples, now))));
			this.settling.clear();
		}
		ended.forEach((stall) -> notifyListeners((listener) -> listener.onStallEnded(stall)));
		this.background.close();
	}

	/**
	 * Return the stalls in progress and the newest stalls that have ended.
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
	 * Return the changes of the {@link #stalls()} since a position.
	 * @param position the {@link StallChanges#position() position} of the last changes
	 * that the reader received; any other number for all stalls
	 * @return the changes
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
	 * @param id the id of the stall
	 * @return the stall, or empty if there is none with this id
	 */
	public Optional<Stall> stall(long id) {
		return stalls().stream().filter((stall) -> stall.id() == id).findFirst();
	}

	/**
	 * Return all stalls grouped by culprit and cause, including stalls in progress.
	 * @return the hotspots, longest total duration first
	 */
	public List<Hotspot> hotspots() {
		synchronized (this.lock) {
			HotspotTable all = this.hotspots.copy();
			unfinished().forEach(all::add);
			return all.hotspots();
		}
	}

	/**
	 * Clear all stalls that have ended, and their hotspots.
	 */
	public void clear() {
		synchronized (this.lock) {
			// Listeners are notified of these nevertheless.
			this.settling.forEach((settling) -> settling.samples.forget());
			this.history.clear();
			this.hotspots.clear();
		}
	}

	private List<Stall> unfinished() {
		long now = System.nanoTime();
		List<Stall> stalls = new ArrayList<>();
		for (LoopStallTracker tracker : this.trackers.values()) {
			StallSamples current = tracker.current();
			if (current != null) {
				stalls.add(conclude(current, now));
			}
		}
		this.settling.stream()
			.filter((settling) -> !settling.samples.isForgotten())
			.forEach((settling) -> stalls.add(conclude(settling.samples, now)));
		return stalls;
	}

	private Stall conclude(StallSamples samples, long now) {
		return samples.conclude(now, this.monitor, this.reader);
	}

	private void updateLoops(List<MonitoredLoop> loops) {
		synchronized (this.lock) {
			IdentityHashMap<MonitoredLoop, LoopStallTracker> present = new IdentityHashMap<>();
			for (MonitoredLoop loop : loops) {
				LoopStallTracker known = this.trackers.get(loop);
				present.put(loop, (known != null) ? known : newTracker(loop));
			}
			this.trackers = present;
		}
	}

	private LoopStallTracker newTracker(MonitoredLoop loop) {
		return new LoopStallTracker(loop, this.threadUsage, this.processUsage);
	}

	private void end(MonitoredLoop loop, LongIteration iteration) {
		synchronized (this.lock) {
			LoopStallTracker tracker = this.trackers.computeIfAbsent(loop, this::newTracker);
			StallSamples samples = tracker.end(iteration, this::nextId);
			this.settling.add(new Settling(samples, System.nanoTime()));
		}
	}

	private long nextId() {
		return ++this.lastId;
	}

	private long poll(long now) {
		List<Stall> inProgress = new ArrayList<>();
		List<Stall> ended = new ArrayList<>();
		long next = Long.MAX_VALUE;
		synchronized (this.lock) {
			long thresholdNanos = this.monitor.settings().stallThreshold().toNanos();
			long intervalNanos = intervalNanos();
			for (LoopStallTracker tracker : this.trackers.values()) {
				attempt(() -> tracker.poll(thresholdNanos, intervalNanos, this::nextId));
			}
			if (this.trackers.values().stream().anyMatch(LoopStallTracker::isSampleDue)) {
				sample(this.trackers.values().stream().filter(LoopStallTracker::canSampleEarly).toList());
			}
			for (LoopStallTracker tracker : this.trackers.values()) {
				attempt(() -> report(tracker, now, inProgress));
				next = Math.min(next, tracker.untilNextPoll());
			}
			next = Math.min(next, settle(now, ended));
		}
		inProgress.forEach((stall) -> notifyListeners((listener) -> listener.onStallInProgress(stall)));
		ended.forEach((stall) -> notifyListeners((listener) -> listener.onStallEnded(stall)));
		return next;
	}

	/**
	 * Sample all loops at once: each sample stops the whole process, regardless of the
	 * number of threads.
	 */
	private void sample(List<LoopStallTracker> due) {
		Map<Thread, Sample> samples = new HashMap<>();
		attempt(() -> samples.putAll(this.sampler.sample(due.stream().map(LoopStallTracker::target).toList())));
		due.forEach((tracker) -> attempt(() -> tracker.addSample(samples.get(tracker.target().thread()))));
	}

	private void report(LoopStallTracker tracker, long now, List<Stall> inProgress) {
		StallSamples lost = tracker.takeLost(now);
		if (lost != null) {
			this.settling.add(new Settling(lost, now));
		}
		StallSamples current = tracker.current();
		if (current != null) {
			for (ExecutingRequest request : current.takeRequests()) {
				String description = conclude(current, System.nanoTime()).summary();
				this.background.announce(() -> request.stalled(description));
			}
			if (current.takePoolsDue()) {
				this.background.announce(() -> addExhaustedPools(current));
			}
			if (tracker.isLogDue()) {
				inProgress.add(conclude(current, System.nanoTime()));
			}
		}
	}

	private void addExhaustedPools(StallSamples samples) {
		List<String> exhausted = this.pools.describe();
		synchronized (this.lock) {
			samples.addExhaustedPools(exhausted);
		}
	}

	/** A failure for one loop or stall must not affect the others. */
	private void attempt(Runnable action) {
		try {
			action.run();
		}
		catch (Throwable ex) {
			warn("Failed to sample or evaluate a stalled event loop", ex);
		}
	}

	/** Return a longer interval if many loops are stalled at once. */
	private long intervalNanos() {
		int stalled = 0;
		for (LoopStallTracker tracker : this.trackers.values()) {
			stalled += (tracker.current() != null) ? 1 : 0;
		}
		return this.settings.sampleInterval().toNanos() * Math.max(1, stalled / LOOPS_AT_FULL_RATE);
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
			attempt(() -> ended.add(settle(first.samples, now)));
		}
		return Long.MAX_VALUE;
	}

	private Stall settle(StallSamples samples, long now) {
		Stall stall = samples.concludeFinally(now, this.monitor, this.reader);
		if (!samples.isForgotten()) {
			this.history.add(stall);
			this.hotspots.add(stall);
		}
		return stall;
	}

	private void notifyListeners(Consumer<StallListener> call) {
		for (StallListener listener : this.listeners) {
			try {
				call.accept(listener);
			}
			catch (Throwable ex) {
				warn("Stall listener threw an exception", ex);
			}
		}
	}

	/** Log on another thread: the monitor thread must not wait for a blocked log. */
	private void warn(String message, Throwable ex) {
		this.background.announce(() -> logger.warn(message, ex));
	}

	/**
	 * A stall that has ended but whose measurements are not complete yet.
	 *
	 * @param samples the samples
	 * @param since when the detector was notified of the end
	 */
	private record Settling(StallSamples samples, long since) {
	}

}
