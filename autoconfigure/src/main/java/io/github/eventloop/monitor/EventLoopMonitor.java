package io.github.eventloop.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Monitor of event loops. It reads what the loops record, without ever running anything
 * on them, and reports their current state and their lag and utilization over a window.
 * <p>
 * Thread-safe. A snapshot is computed by the calling thread, takes some microseconds per
 * loop, and is correct while loops are stuck. Once a second, a daemon thread called
 * {@code eventloop-monitor} advances the window and notifies the listeners.
 * <p>
 * Not final, so that an application can replace it with a bean of its own.
 *
 * @since 0.1.0
 */
public class EventLoopMonitor implements AutoCloseable {

	/**
	 * Poll interval of an idle application. Not 100 ms, which is the period in which
	 * Linux refills CPU quotas: polls would always fall into the same part of it.
	 */
	private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(91);

	/**
	 * Shortest sleep, so that a listener that requests an immediate wake-up does not keep
	 * the monitor thread busy.
	 */
	private static final long SHORTEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/** How long pauses are kept: a stuck iteration may have started long before one. */
	private static final long PAUSE_MEMORY_NANOS = TimeUnit.MINUTES.toNanos(5);

	private final MonitorSettings settings;

	private final LongSupplier clock;

	private final ThreadCpuClock cpuClock = new ThreadCpuClock();

	private final List<IsolatedSource> sources = new CopyOnWriteArrayList<>();

	private final List<EventLoopListener> listeners = new CopyOnWriteArrayList<>();

	/** Returns the number of connections waiting to be accepted, by port. */
	private final Function<Set<Integer>, Map<Integer, Integer>> acceptQueues;

	private final Pauses pauses = new Pauses();

	/** When the monitor thread was not scheduled although the process was running. */
	private final Pauses starvation = new Pauses();

	private final GarbageCollections collections = new GarbageCollections(this.pauses);

	/**
	 * Guards everything below. Held for microseconds per loop, never while a listener
	 * runs, and never acquired by the work of an event loop.
	 */
	private final Object lock = new Object();

	private IdentityHashMap<MonitoredLoop, LoopEntry> entries = new IdentityHashMap<>();

	/** The monitored loops in the order of their sources. */
	private List<LoopEntry> order = List.of();

	private long lastSync;

	/** The number of stalls of loops that have been removed. */
	private long formerStalls;

	/** The stalls that the listeners have not been notified of yet. */
	private final List<EndedStall> endedStalls = new ArrayList<>();

	private final SecondColumns columns;

	/** The seconds in the window. */
	private final Deque<Second> seconds = new ArrayDeque<>();

	/** When the current second began. */
	private long secondStart;

	/**
	 * The lengths of the pauses in the current second that {@link #pauses} has marked as
	 * accounted for.
	 */
	private final List<Long> pausesOfSecond = new ArrayList<>();

	/** Scratch space, as the next four are. */
	private final LagDistribution ofLoop = new LagDistribution();

	private final LagDistribution ofLoopAmongAll = new LagDistribution();

	private final int[] counts = new int[DurationBuckets.COUNT];

	private final LagDistribution ofAll = new LagDistribution();

	private final LagDistribution handledByAll = new LagDistribution();

	private final MonitorThread monitorThread;

	/** Accessed by the monitor thread only. */
	private final ProcessCpuClock processCpu;

	/**
	 * The loops that the listeners were last notified of. Accessed by the monitor thread
	 * only.
	 */
	private List<LoopEntry> notifiedLoops = List.of();

	/**
	 * Whether a listener has been added since. Volatile: set by any thread, reset by the
	 * monitor thread.
	 */
	private volatile boolean listenerAdded;

	/**
	 * Create a monitor. It does not advance its window or notify its listeners before
	 * {@link #start()}.
	 * @param settings the settings of the monitor
	 */
	public EventLoopMonitor(MonitorSettings settings) {
		this(settings, System::nanoTime, new AcceptQueues()::read);
	}

	EventLoopMonitor(MonitorSettings settings, LongSupplier clock,
			Function<Set<Integer>, Map<Integer, Integer>> acceptQueues) {
		this.settings = settings;
		this.clock = clock;
		this.acceptQueues = acceptQueues;
		this.secondStart = clock.getAsLong();
		this.lastSync = this.secondStart;
		this.columns = new SecondColumns((int) settings.history().toSeconds());
		this.processCpu = new ProcessCpuClock(clock);
		this.monitorThread = new MonitorThread(this);
	}

	/**
	 * Return the settings of this monitor.
	 * @return the settings
	 */
	public MonitorSettings settings() {
		return this.settings;
	}

	/**
	 * Monitor the loops of another source, from now on and until it is exhausted. Does
	 * nothing if the source has been added already.
	 * @param source the source
	 */
	public void addSource(LoopSource source) {
		synchronized (this.lock) {
			if (this.sources.stream().noneMatch((known) -> known.is(source))) {
				this.sources.add(new IsolatedSource(source, this::failed));
			}
		}
	}

	/**
	 * Add a listener. It is notified of the existing loops first.
	 * @param listener the listener
	 */
	public void addListener(EventLoopListener listener) {
		this.listeners.add(listener);
		this.listenerAdded = true;
	}

	/**
	 * Remove a listener.
	 * @param listener the listener
	 */
	public void removeListener(EventLoopListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Start the monitor thread. Does nothing if it is running already.
	 */
	public void start() {
		this.monitorThread.start();
	}

	/**
	 * Stop the monitor thread. The monitor can be started again.
	 */
	@Override
	public void close() {
		this.monitorThread.stop();
	}

	/**
	 * Take a snapshot of all loops.
	 * @return the loops at this instant
	 */
	public EventLoopSnapshot snapshot() {
		synchronized (this.lock) {
			syncLoops();
			this.collections.catchUp();
			return takeSnapshot();
		}
	}

	/**
	 * Return the loop that has a name in a {@link #snapshot()}.
	 * @param name the name
	 * @return the loop, or empty if no loop has that name
	 */
	public Optional<MonitoredLoop> loop(String name) {
		synchronized (this.lock) {
			syncLoops();
			Names names = new Names();
			// All loops: the name of one depends on the names of those before it.
			Map<String, MonitoredLoop> loops = new HashMap<>();
			this.order.forEach((entry) -> loops.put(names.of(entry), entry.loop.loop()));
			return Optional.ofNullable(loops.get(name));
		}
	}

	/**
	 * Return the history of all loops, second by second.
	 * @return the history since this monitor was started, limited to
	 * {@link MonitorSettings#history()}
	 */
	public EventLoopHistory history() {
		return history(Long.MIN_VALUE);
	}

	/**
	 * Return the history after a given time, such as the newest second that the caller
	 * has received.
	 * @param after the time, in milliseconds of the wall clock
	 * @return the seconds of the {@link #history()} that ended later; all of it if all of
	 * it ended earlier
	 */
	public EventLoopHistory history(long after) {
		synchronized (this.lock) {
			List<LoopColumns.Named> loops = new ArrayList<>();
			Names names = new Names();
			this.order.forEach((entry) -> loops
				.add(new LoopColumns.Named(names.of(entry), entry.columns, entry.loop.isApproximate())));
			return this.columns.toHistory(loops, after);
		}
	}

	/**
	 * Return for how long in a period the whole process was paused: for garbage
	 * collection, by CPU throttling, or by suspension.
	 * @param from the start of the period, as {@link System#nanoTime()}, at most five
	 * minutes ago
	 * @param to the end of the period
	 * @return the paused time in nanoseconds
	 */
	public long pausedNanos(long from, long to) {
		this.collections.catchUp();
		return this.pauses.within(from, to);
	}

	/**
	 * Return for how long in a period the whole process was paused for garbage
	 * collection. The last collection of each collector is included at once, earlier ones
	 * when the notification of the JVM has arrived.
	 * @param from the start of the period, as {@link System#nanoTime()}, at most five
	 * minutes ago
	 * @param to the end of the period
	 * @return the paused time in nanoseconds
	 */
	public long collectingNanos(long from, long to) {
		return this.collections.within(from, to);
	}

	/**
	 * Return whether a garbage collector ran concurrently with the application, as ZGC
	 * and Shenandoah do. Known once the cycle of the collector has ended.
	 * @param from the start of the period, as {@link System#nanoTime()}, at most five
	 * minutes ago
	 * @param to the end of the period
	 * @return whether a cycle was in progress during some of the period
	 */
	public boolean collectedConcurrently(long from, long to) {
		return this.collections.cyclesWithin(from, to) > 0;
	}

	/**
	 * Return for how long in a period the monitor thread was not scheduled although the
	 * process was running. That is not a pause, but on a machine this busy the loops may
	 * have been starved of CPU, too.
	 * @param from the start of the period, as {@link System#nanoTime()}, at most five
	 * minutes ago
	 * @param to the end of the period
	 * @return the starved time in nanoseconds
	 */
	public long starvedNanos(long from, long to) {
		return this.starvation.within(from, to);
	}

	Pauses pauses() {
		return this.pauses;
	}

	Pauses starvation() {
		return this.starvation;
	}

	/** Return the views of all loops. */
	List<LoopView> views() {
		synchronized (this.lock) {
			return this.order.stream().map((entry) -> entry.loop.view()).toList();
		}
	}

	/**
	 * Return whether all garbage collections are known. On a busy machine, notifications
	 * of collections before the last one may be late.
	 * @return whether {@link #collectingNanos(long, long)} includes all collections
	 */
	public boolean knowsAllCollections() {
		return this.collections.isUpToDate();
	}

	GarbageCollections collections() {
		return this.collections;
	}

	/**
	 * Poll the loops, and notify the listeners of changes.
	 * @return the time in nanoseconds until the next poll at the latest
	 */
	long poll() {
		List<LoopEntry> current;
		List<EndedStall> ended;
		synchronized (this.lock) {
			syncLoops();
			this.order.forEach((entry) -> entry.history.sampleChannels());
			this.order.forEach(this::takeEndedStalls);
			current = this.order;
			ended = List.copyOf(this.endedStalls);
			this.endedStalls.clear();
		}
		ended.forEach((stall) -> notifyListeners((listener) -> listener.onStallEnded(stall.loop, stall.iteration)));
		if (current != this.notifiedLoops || this.listenerAdded) {
			this.listenerAdded = false;
			this.notifiedLoops = current;
			List<MonitoredLoop> loops = current.stream().map((entry) -> entry.loop.loop()).toList();
			notifyListeners((listener) -> listener.onLoops(loops));
		}
		long now = this.clock.getAsLong();
		long[] next = { LONGEST_SLEEP_NANOS };
		notifyListeners(
				(listener) -> next[0] = Math.min(next[0], Math.max(SHORTEST_SLEEP_NANOS, listener.onWakeUp(now))));
		return Math.max(0, Math.min(next[0], untilNextStall(now)));
	}

	private void takeEndedStalls(LoopEntry entry) {
		for (LongIteration iteration : entry.history.takeEndedStalls()) {
			this.endedStalls.add(new EndedStall(entry.loop.loop(), iteration));
		}
	}

	/**
	 * End the stall in progress of a loop that has been removed: the monitor would not
	 * observe its real end.
	 */
	private void endStallInProgress(LoopEntry removed) {
		LoopReading reading = removed.loop.view().read();
		if (reading.busyNanos() > this.settings.stallThreshold().toNanos()) {
			this.formerStalls++;
			this.endedStalls
				.add(new EndedStall(removed.loop.loop(), new LongIteration(reading.at() - reading.busyNanos(),
						reading.at(), 0, removed.loop.view().iterationTasksStarted(), 0)));
		}
	}

	/**
	 * Return the time until the first iteration in progress becomes a stall: 0 or less if
	 * one has become a stall since the listeners were called.
	 */
	private long untilNextStall(long polledAt) {
		long thresholdNanos = this.settings.stallThreshold().toNanos();
		long next = thresholdNanos;
		for (LoopEntry entry : this.notifiedLoops) {
			long left = thresholdNanos - entry.loop.view().read().busyNanos();
			if (left > 0 || -left < this.clock.getAsLong() - polledAt) {
				next = Math.min(next, left);
			}
		}
		return next;
	}

	/** End the current second, and notify the listeners. */
	void endSecond() {
		Set<Integer> ports;
		synchronized (this.lock) {
			syncLoops();
			ports = portsToPoll();
		}
		// Not under the lock, because this reads files. Loops that are added meanwhile
		// are included in the next poll.
		Map<Integer, Integer> connectionsWaiting = ports.isEmpty() ? Map.of() : this.acceptQueues.apply(ports);
		double processCpu = this.processCpu.utilization();
		// A pause detected now still counts for the idle loops in this second.
		this.monitorThread.detectPause();
		EventLoopSecond second;
		synchronized (this.lock) {
			this.order.forEach((entry) -> entry.history.recordConnectionsWaiting(ports, connectionsWaiting));
			second = takeSecond(processCpu);
		}
		notifyListeners((listener) -> listener.onSecond(second));
	}

	/** Must be called under the lock. */
	private Set<Integer> portsToPoll() {
		Set<Integer> ports = new HashSet<>();
		this.order.forEach((entry) -> ports.addAll(entry.history.portsToPoll()));
		return ports;
	}

	private void notifyListeners(Consumer<EventLoopListener> call) {
		for (EventLoopListener listener : this.listeners) {
			try {
				call.accept(listener);
			}
			catch (Throwable ex) {
				failed(ex);
			}
		}
	}

	private void failed(Throwable failure) {
		this.monitorThread.failed(failure);
	}

	private void syncLoops() {
		long now = this.clock.getAsLong();
		if (isOrderOfSources()) {
			this.lastSync = now;
			return;
		}
		IdentityHashMap<MonitoredLoop, LoopEntry> present = new IdentityHashMap<>();
		List<LoopEntry> ordered = new ArrayList<>();
		for (IsolatedSource source : this.sources) {
			for (MonitoredLoop loop : source.loops()) {
				LoopEntry entry = present.containsKey(loop) ? null : entryFor(loop);
				if (entry != null && !entry.loop.isTerminated()) {
					present.put(loop, entry);
					ordered.add(entry);
				}
			}
		}
		this.sources.removeIf(IsolatedSource::isExhausted);
		this.lastSync = now;
		if (ordered.equals(this.order)) {
			return;
		}
		this.order.stream().filter((entry) -> !present.containsKey(entry.loop.loop())).forEach((removed) -> {
			takeEndedStalls(removed);
			endStallInProgress(removed);
			this.formerStalls += removed.history.stalls();
		});
		this.entries = present;
		this.order = List.copyOf(ordered);
	}

	private @Nullable LoopEntry entryFor(MonitoredLoop loop) {
		LoopEntry known = this.entries.get(loop);
		try {
			return (known != null) ? known : new LoopEntry(loop);
		}
		catch (Throwable ex) {
			failed(ex);
			return null;
		}
	}

	/**
	 * Return whether the sources still list the monitored loops in the same order, which
	 * is the common case.
	 */
	private boolean isOrderOfSources() {
		int next = 0;
		for (IsolatedSource source : this.sources) {
			if (source.isExhausted()) {
				return false;
			}
			for (MonitoredLoop loop : source.loops()) {
				if (next == this.order.size() || !this.order.get(next).loop.is(loop)
						|| this.order.get(next).loop.isTerminated()) {
					return false;
				}
				next++;
			}
		}
		return next == this.order.size();
	}

	/**
	 * Compute the second completely before any of it is stored. If that fails, the next
	 * second is longer, and nothing is counted twice or left out. If the process was
	 * paused meanwhile, the second is computed again, because the loops read after the
	 * pause include it and the second does not yet.
	 */
	private EventLoopSecond takeSecond(double processCpu) {
		ComputedSecond computed = computeSecond();
		if (this.monitorThread.detectPause()) {
			computed = computeSecond();
		}
		keepSecond(computed, processCpu);
		return new EventLoopSecond(computed.lag, computed.handled, computed.utilization,
				Arrays.stream(computed.pauses).boxed().toList(), computed.loops, takeSnapshot());
	}

	private ComputedSecond computeSecond() {
		long start = this.clock.getAsLong();
		this.collections.catchUp();
		this.pausesOfSecond.addAll(Arrays.stream(this.pauses.account(start - PAUSE_MEMORY_NANOS)).boxed().toList());
		this.collections.forget(start - PAUSE_MEMORY_NANOS);
		this.starvation.account(start - PAUSE_MEMORY_NANOS);
		long[] pauses = this.pausesOfSecond.stream().mapToLong(Long::longValue).toArray();
		long[] longestFirst = longestFirst(pauses);
		this.ofAll.clear();
		this.handledByAll.clear();
		Weights weights = new Weights();
		List<LoopSecond> seconds = new ArrayList<>();
		double utilization = 0;
		double cpu = 0;
		for (LoopEntry entry : this.order) {
			this.ofLoop.clear();
			LoopSecond second = entry.history.computeSlice(weights.of(entry), longestFirst, this.ofLoop, this.ofAll,
					this.handledByAll);
			Double cpuOfLoop = second.cpuUtilization();
			utilization += weights.isMeasured(entry) ? second.utilization() : 0;
			cpu += (weights.isMeasured(entry) && cpuOfLoop != null) ? cpuOfLoop : 0;
			seconds.add(second);
		}
		utilization = (weights.measured > 0) ? utilization / weights.measured : 0;
		cpu = (weights.measured > 0) ? cpu / weights.measured : 0;
		return new ComputedSecond(List.copyOf(seconds), this.ofAll.toLag(), this.handledByAll.toLag(), utilization, cpu,
				pauses);
	}

	private void keepSecond(ComputedSecond computed, double processCpu) {
		PauseTotals pauses = PauseTotals.of(computed.pauses);
		long now = this.clock.getAsLong();
		this.seconds.addLast(new Second(this.secondStart, now, pauses));
		for (int i = 0; i < computed.loops.size(); i++) {
			this.order.get(i).history.keepSlice();
			this.order.get(i).columns.put(computed.loops.get(i));
		}
		this.columns.put(Instant.now().toEpochMilli(), computed.lag, computed.utilization, computed.cpu, processCpu,
				pauses);
		this.secondStart = now;
		this.pausesOfSecond.clear();
		while (now - this.seconds.getFirst().endNanos >= this.settings.window().toNanos()) {
			this.seconds.removeFirst();
		}
	}

	private EventLoopSnapshot takeSnapshot() {
		this.ofAll.clear();
		Weights weights = new Weights();
		Names names = new Names();
		List<LoopSnapshot> loops = new ArrayList<>();
		double utilization = 0;
		long stalls = this.formerStalls;
		int stallsInProgress = 0;
		long[] pending = longestFirst(this.pauses.pending());
		for (LoopEntry entry : this.order) {
			this.ofLoop.clear();
			LoopSnapshot loop = entry.history.snapshot(names.of(entry), weights.of(entry), pending, this.pauses,
					this.ofLoop, this.ofLoopAmongAll, this.ofAll);
			utilization += weights.isMeasured(entry) ? loop.utilization() : 0;
			stalls += loop.stalls();
			stallsInProgress += (loop.state() == LoopState.STALLED) ? 1 : 0;
			loops.add(loop);
		}
		utilization = (weights.measured > 0) ? utilization / weights.measured : 0;
		long now = this.clock.getAsLong();
		return new EventLoopSnapshot(Instant.now(), now, windowUntil(now), this.ofAll.toLag(), utilization,
				pausesUntil(now, pending), stalls, stallsInProgress, List.copyOf(loops));
	}

	private static long[] longestFirst(long[] lengths) {
		return Arrays.stream(lengths).map((length) -> -length).sorted().map((length) -> -length).toArray();
	}

	/** Return the length of the window, which starts at the beginning of a second. */
	private Duration windowUntil(long now) {
		for (Second second : this.seconds) {
			if (isInWindow(second, now)) {
				return Duration.ofNanos(now - second.startNanos);
			}
		}
		return Duration.ofNanos(now - this.secondStart);
	}

	private PauseTotals pausesUntil(long now, long[] pending) {
		PauseTotals totals = PauseTotals.of(pending);
		for (Second second : this.seconds) {
			if (isInWindow(second, now)) {
				totals = totals.plus(second.pauses);
			}
		}
		return totals;
	}

	private boolean isInWindow(Second second, long now) {
		return now - second.endNanos < this.settings.window().toNanos();
	}

	private record EndedStall(MonitoredLoop loop, LongIteration iteration) {
	}

	private record Second(long startNanos, long endNanos, PauseTotals pauses) {
	}

	/** A second that has been computed but not stored yet. */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	private record ComputedSecond(List<LoopSecond> loops, Lag lag, Lag handled, double utilization, double cpu,
			long[] pauses) {
	}

	/**
	 * A monitored loop with its history.
	 */
	private final class LoopEntry {

		private final IsolatedLoop loop;

		private final LoopHistory history;

		private final LoopColumns columns;

		/**
		 * The displayed name of the loop, or {@code null} until its thread has started.
		 */
		private @Nullable String name;

		LoopEntry(MonitoredLoop loop) {
			this.loop = new IsolatedLoop(loop, EventLoopMonitor.this::failed);
			// A loop created after the last poll has done nothing that was missed.
			boolean created = this.loop.view().createdAt() - EventLoopMonitor.this.lastSync >= 0;
			SecondColumns all = EventLoopMonitor.this.columns;
			this.history = new LoopHistory(this.loop, EventLoopMonitor.this.settings, EventLoopMonitor.this.cpuClock,
					EventLoopMonitor.this.counts, created);
			this.columns = new LoopColumns(all.capacity(), all.seconds());
		}

		boolean isStarted() {
			return this.loop.view().thread() != null;
		}

	}

	/**
	 * Current weight of each loop: by its {@linkplain ChannelWeights channels}, or equal
	 * for all started loops if there are no channels. Loops of a management port have no
	 * weight, and external loops count for the lag only.
	 */
	private final class Weights {

		/** Contains the loops that have started and count. */
		private final IdentityHashMap<LoopEntry, Double> weights = new IdentityHashMap<>();

		/** The number of these loops whose utilization is known. */
		private int measured;

		Weights() {
			List<LoopEntry> counted = new ArrayList<>();
			boolean anyInUse = false;
			for (LoopEntry entry : EventLoopMonitor.this.order) {
				if (entry.isStarted() && entry.loop.isCounted()) {
					counted.add(entry);
					this.weights.put(entry, 0.0);
					this.measured += entry.loop.isApproximate() ? 0 : 1;
					anyInUse |= entry.history.channelsOfSecond() > 0;
				}
			}
			if (anyInUse) {
				// Unused loops must not dilute the lag of those in use.
				counted.removeIf((entry) -> !entry.history.isInUse());
			}
			double[] each = ChannelWeights
				.of(counted.stream().mapToInt((entry) -> entry.history.channelsOfSecond()).toArray());
			for (int i = 0; i < each.length; i++) {
				this.weights.put(counted.get(i), each[i]);
			}
		}

		boolean isMeasured(LoopEntry entry) {
			return this.weights.containsKey(entry) && !entry.loop.isApproximate();
		}

		double of(LoopEntry entry) {
			return this.weights.getOrDefault(entry, 0.0);
		}

	}

	/**
	 * Displayed names of loops, which are unique. Threads of two groups with the same
	 * prefix have the same names; a loop keeps its displayed name, so that its figures
	 * stay in one series.
	 */
	private final class Names {

		private final Set<String> given = new HashSet<>();

		Names() {
			for (LoopEntry entry : EventLoopMonitor.this.order) {
				if (entry.name != null) {
					this.given.add(entry.name);
				}
			}
			// Started loops first: a loop that has not started may expect the same name.
			for (LoopEntry entry : EventLoopMonitor.this.order) {
				if (entry.name == null && entry.isStarted()) {
					entry.name = unique(entry.loop.name());
				}
			}
		}

		String of(LoopEntry entry) {
			return (entry.name != null) ? entry.name : unique(entry.loop.name());
		}

		private String unique(String name) {
			String unique = name;
			for (int i = 2; !this.given.add(unique); i++) {
				unique = name + "#" + i;
			}
			return unique;
		}

	}

}
