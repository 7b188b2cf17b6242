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
 * Watches event loops: reads what they note, without ever running anything on them, and
 * answers what they are doing now and did over a window.
 * <p>
 * Thread-safe. A snapshot is taken by the thread that asks for it, at the cost of some
 * microseconds a loop, and is right while loops are stuck. Once a second, a daemon thread
 * called {@code eventloop-monitor} moves the window on and tells the listeners.
 * <p>
 * Not final, so that an application can replace it with one of its own.
 *
 * @since 0.1.0
 */
public class EventLoopMonitor implements AutoCloseable {

	/**
	 * So often an idle application is looked at. Not in step with the periods of 100 ms
	 * in which Linux gives out the CPU time of a quota, for that would always meet the
	 * same part of them.
	 */
	private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(91);

	/** An iteration that is judged to be stuck may have begun long before a pause. */
	private static final long PAUSE_MEMORY_NANOS = TimeUnit.MINUTES.toNanos(5);

	private final MonitorSettings settings;

	private final LongSupplier clock;

	private final ThreadCpuClock cpuClock = new ThreadCpuClock();

	private final CopyOnWriteArrayList<LoopSource> sources = new CopyOnWriteArrayList<>();

	private final List<EventLoopListener> listeners = new CopyOnWriteArrayList<>();

	/** How many connections wait at each port. */
	private final Function<Set<Integer>, Map<Integer, Integer>> acceptQueues;

	private final Pauses pauses = new Pauses();

	private final GarbageCollections collections = new GarbageCollections(this.pauses);

	/**
	 * Guards everything below. Held for microseconds a loop, never while a listener runs
	 * and never by an event loop's own work.
	 */
	private final Object lock = new Object();

	private IdentityHashMap<MonitoredLoop, Watched> watched = new IdentityHashMap<>();

	/** The watched loops in the order of their sources. */
	private List<Watched> order = List.of();

	private long lastSync;

	/** The stalls of loops that are gone. */
	private long formerStalls;

	/** The stalls that the listeners have to be told of. */
	private final List<EndedStall> endedStalls = new ArrayList<>();

	private final SecondColumns columns;

	/** The seconds that the window reaches back over. */
	private final Deque<Second> seconds = new ArrayDeque<>();

	/** When the second began that has not ended yet. */
	private long secondStart;

	/** Scratch space, as the next three are. */
	private final LagDistribution ofLoop = new LagDistribution();

	private final LagDistribution ofLoopAmongAll = new LagDistribution();

	private final int[] counts = new int[DurationBuckets.COUNT];

	private final LagDistribution ofAll = new LagDistribution();

	private final Watcher watcher;

	/** Only the watching thread uses it. */
	private final ProcessCpuClock processCpu;

	/** What the listeners were told last. Only the watching thread uses it. */
	private List<Watched> told = List.of();

	/**
	 * Whether a listener has come since. Set by any thread, taken by the watching one.
	 */
	private volatile boolean listenerIsNew;

	/**
	 * Create a monitor. It watches nothing before {@link #start()}.
	 * @param settings how to look at the loops
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
		this.watcher = new Watcher(this);
	}

	/**
	 * Return how this monitor looks at its loops.
	 * @return the settings
	 */
	public MonitorSettings settings() {
		return this.settings;
	}

	/**
	 * Watch the loops of another source, from now on and until it is exhausted. Does
	 * nothing if the source is watched already.
	 * @param source the source
	 */
	public void watch(LoopSource source) {
		this.sources.addIfAbsent(source);
	}

	/**
	 * Tell a listener from now on, of the loops that there are to begin with.
	 * @param listener the listener
	 */
	public void addListener(EventLoopListener listener) {
		this.listeners.add(listener);
		this.listenerIsNew = true;
	}

	/**
	 * Tell a listener no more.
	 * @param listener the listener
	 */
	public void removeListener(EventLoopListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Start to watch. Does nothing if it has started already.
	 */
	public void start() {
		this.watcher.start();
	}

	/**
	 * Stop to watch. The monitor can be started again.
	 */
	@Override
	public void close() {
		this.watcher.stop();
	}

	/**
	 * Look at the loops now.
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
	 * Return the loop behind a name in a {@link #snapshot()}.
	 * @param name the name
	 * @return the loop, or empty if there is none of that name
	 */
	public Optional<MonitoredLoop> loop(String name) {
		synchronized (this.lock) {
			syncLoops();
			Names names = new Names();
			// All of them: which name a loop gets depends on those before it.
			Map<String, MonitoredLoop> loops = new HashMap<>();
			this.order.forEach((watched) -> loops.put(names.of(watched), watched.history.loop));
			return Optional.ofNullable(loops.get(name));
		}
	}

	/**
	 * Return what happened second by second.
	 * @return the history, as long as this monitor has been running and at most as
	 * {@link MonitorSettings#history()} says
	 */
	public EventLoopHistory history() {
		return history(Long.MIN_VALUE);
	}

	/**
	 * Return what happened second by second since some time, such as the newest that the
	 * reader knows of.
	 * @param after the time, in milliseconds of the wall clock
	 * @return the part of the {@link #history()} that ended later; all of it, if all of
	 * it ended earlier
	 */
	public EventLoopHistory history(long after) {
		synchronized (this.lock) {
			List<LoopColumns.Named> loops = new ArrayList<>();
			Names names = new Names();
			this.order.forEach((watched) -> loops
				.add(new LoopColumns.Named(names.of(watched), watched.columns, watched.history.loop.isApproximate())));
			return this.columns.toHistory(loops, after);
		}
	}

	/**
	 * Return for how much of some time the whole process was not running: collecting
	 * garbage, throttled or suspended.
	 * @param from when the time began, as {@link System#nanoTime()}, at most five minutes
	 * ago
	 * @param to when it ended
	 * @return the part of it in nanoseconds
	 */
	public long pausedNanos(long from, long to) {
		this.collections.catchUp();
		return this.pauses.within(from, to);
	}

	/**
	 * Return for how much of some time the whole process stood still to collect garbage.
	 * The last collection of each collector is known at once, those before it when the
	 * JVM has told of them.
	 * @param from when the time began, as {@link System#nanoTime()}, at most five minutes
	 * ago
	 * @param to when it ended
	 * @return the part of it in nanoseconds
	 */
	public long collectingNanos(long from, long to) {
		return this.collections.within(from, to);
	}

	/**
	 * Return whether a garbage collector worked beside the application, as ZGC and
	 * Shenandoah do. Known when the cycle of the collector has ended.
	 * @param from when the time began, as {@link System#nanoTime()}, at most five minutes
	 * ago
	 * @param to when it ended
	 * @return whether a cycle was in progress in some of that time
	 */
	public boolean collectedConcurrently(long from, long to) {
		return this.collections.cyclesWithin(from, to) > 0;
	}

	Pauses pauses() {
		return this.pauses;
	}

	/**
	 * Return whether all collections are known: on a busy machine, news of those before
	 * the last one may be late.
	 * @return whether {@link #collectingNanos(long, long)} knows all there is to know
	 */
	public boolean knowsAllCollections() {
		return this.collections.isUpToDate();
	}

	GarbageCollections collections() {
		return this.collections;
	}

	/**
	 * Look at the loops, and tell the listeners what is new.
	 * @return in how many nanoseconds to look again at the latest
	 */
	long look() {
		List<Watched> seen;
		List<EndedStall> ended;
		synchronized (this.lock) {
			syncLoops();
			this.order.forEach((watched) -> watched.history.lookAtChannels());
			this.order.forEach(this::takeEndedStalls);
			seen = this.order;
			ended = List.copyOf(this.endedStalls);
			this.endedStalls.clear();
		}
		ended.forEach((stall) -> tell((listener) -> listener.onStallEnded(stall.loop, stall.iteration)));
		if (seen != this.told || this.listenerIsNew) {
			this.listenerIsNew = false;
			this.told = seen;
			List<MonitoredLoop> loops = seen.stream().map((watched) -> watched.history.loop).toList();
			tell((listener) -> listener.onLoops(loops));
		}
		long now = this.clock.getAsLong();
		long[] next = { LONGEST_SLEEP_NANOS };
		tell((listener) -> next[0] = Math.min(next[0], listener.onWakeUp(now)));
		return Math.max(0, Math.min(next[0], untilNextStall(now)));
	}

	private void takeEndedStalls(Watched watched) {
		for (LongIteration iteration : watched.history.takeEndedStalls()) {
			this.endedStalls.add(new EndedStall(watched.history.loop, iteration));
		}
	}

	/**
	 * When the first of the iterations in progress will have become a stall: at once, if
	 * it has become one since the listeners looked.
	 */
	private long untilNextStall(long lookedAt) {
		long thresholdNanos = this.settings.stallThreshold().toNanos();
		long next = thresholdNanos;
		for (Watched watched : this.told) {
			long left = thresholdNanos - watched.history.loop.recorder().read().busyNanos();
			if (left > 0 || -left < this.clock.getAsLong() - lookedAt) {
				next = Math.min(next, left);
			}
		}
		return next;
	}

	/** End a second, and tell the listeners. */
	void endSecond() {
		Set<Integer> ports;
		synchronized (this.lock) {
			syncLoops();
			ports = portsToAskAbout();
		}
		// Not under the lock, for files are read. Loops that come meanwhile wait for the
		// next look.
		Map<Integer, Integer> connectionsWaiting = ports.isEmpty() ? Map.of() : this.acceptQueues.apply(ports);
		double processCpu = this.processCpu.utilization();
		// Those who slept through it did so in this second.
		this.watcher.noteStandstill();
		EventLoopSecond second;
		synchronized (this.lock) {
			this.order.forEach((watched) -> watched.history.noteConnectionsWaiting(ports, connectionsWaiting));
			second = takeSecond(processCpu);
		}
		tell((listener) -> listener.onSecond(second));
	}

	/** To be called under the lock. */
	private Set<Integer> portsToAskAbout() {
		Set<Integer> ports = new HashSet<>();
		this.order.forEach((watched) -> ports.addAll(watched.history.portsToAskAbout()));
		return ports;
	}

	private void tell(Consumer<EventLoopListener> call) {
		for (EventLoopListener listener : this.listeners) {
			try {
				call.accept(listener);
			}
			catch (Throwable ex) {
				this.watcher.failed(ex);
			}
		}
	}

	private void syncLoops() {
		long now = this.clock.getAsLong();
		if (isOrderOfSources()) {
			this.lastSync = now;
			return;
		}
		IdentityHashMap<MonitoredLoop, Watched> present = new IdentityHashMap<>();
		List<Watched> ordered = new ArrayList<>();
		for (LoopSource source : this.sources) {
			for (MonitoredLoop loop : source.loops()) {
				if (!loop.isTerminated() && !present.containsKey(loop)) {
					Watched known = this.watched.get(loop);
					Watched watched = (known != null) ? known : new Watched(loop);
					present.put(loop, watched);
					ordered.add(watched);
				}
			}
		}
		this.sources.removeIf(LoopSource::isExhausted);
		this.lastSync = now;
		if (ordered.equals(this.order)) {
			return;
		}
		this.watched.values()
			.stream()
			.filter((watched) -> !present.containsKey(watched.history.loop))
			.forEach((gone) -> {
				takeEndedStalls(gone);
				this.formerStalls += gone.history.stalls();
			});
		this.watched = present;
		this.order = List.copyOf(ordered);
	}

	/**
	 * Whether the sources still list what is watched, in the same order: mostly they do.
	 */
	private boolean isOrderOfSources() {
		int next = 0;
		for (LoopSource source : this.sources) {
			if (source.isExhausted()) {
				return false;
			}
			for (MonitoredLoop loop : source.loops()) {
				if (next == this.order.size() || this.order.get(next).history.loop != loop || loop.isTerminated()) {
					return false;
				}
				next++;
			}
		}
		return next == this.order.size();
	}

	private EventLoopSecond takeSecond(double processCpu) {
		long start = this.clock.getAsLong();
		this.collections.catchUp();
		long[] pauses = this.pauses.account(start - PAUSE_MEMORY_NANOS);
		this.collections.forget(start - PAUSE_MEMORY_NANOS);
		this.ofAll.clear();
		Weights weights = new Weights();
		List<LoopSecond> seconds = new ArrayList<>();
		double utilization = 0;
		double cpu = 0;
		for (Watched watched : this.order) {
			this.ofLoop.clear();
			LoopSecond second = watched.history.endSlice(weights.of(watched), pauses, this.ofLoop, this.ofAll);
			watched.columns.put(second);
			Double cpuOfLoop = second.cpuUtilization();
			utilization += weights.isMeasured(watched) ? second.utilization() : 0;
			cpu += (weights.isMeasured(watched) && cpuOfLoop != null) ? cpuOfLoop : 0;
			seconds.add(second);
		}
		utilization = (weights.measured > 0) ? utilization / weights.measured : 0;
		cpu = (weights.measured > 0) ? cpu / weights.measured : 0;
		Lag lag = this.ofAll.toLag();
		long now = this.clock.getAsLong();
		PauseTotals totals = PauseTotals.of(pauses);
		this.seconds.addLast(new Second(this.secondStart, now, totals));
		this.secondStart = now;
		while (now - this.seconds.getFirst().endNanos >= this.settings.window().toNanos()) {
			this.seconds.removeFirst();
		}
		EventLoopSnapshot snapshot = takeSnapshot();
		this.columns.put(snapshot.at().toEpochMilli(), lag, utilization, cpu, processCpu, totals);
		return new EventLoopSecond(lag, utilization, Arrays.stream(pauses).boxed().toList(), List.copyOf(seconds),
				snapshot);
	}

	private EventLoopSnapshot takeSnapshot() {
		this.ofAll.clear();
		Weights weights = new Weights();
		Names names = new Names();
		List<LoopSnapshot> loops = new ArrayList<>();
		double utilization = 0;
		long stalls = this.formerStalls;
		int stallsInProgress = 0;
		for (Watched watched : this.order) {
			this.ofLoop.clear();
			LoopSnapshot loop = watched.history.snapshot(names.of(watched), weights.of(watched), this.pauses,
					this.ofLoop, this.ofLoopAmongAll, this.ofAll);
			utilization += weights.isMeasured(watched) ? loop.utilization() : 0;
			stalls += loop.stalls();
			stallsInProgress += (loop.state() == LoopState.STALLED) ? 1 : 0;
			loops.add(loop);
		}
		utilization = (weights.measured > 0) ? utilization / weights.measured : 0;
		long now = this.clock.getAsLong();
		return new EventLoopSnapshot(Instant.now(), now, windowUntil(now), this.ofAll.toLag(), utilization,
				pausesUntil(now), stalls, stallsInProgress, List.copyOf(loops));
	}

	/** The window reaches back to the beginning of a second. */
	private Duration windowUntil(long now) {
		for (Second second : this.seconds) {
			if (isInWindow(second, now)) {
				return Duration.ofNanos(now - second.startNanos);
			}
		}
		return Duration.ofNanos(now - this.secondStart);
	}

	private PauseTotals pausesUntil(long now) {
		PauseTotals totals = PauseTotals.of(this.pauses.pending());
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

	/**
	 * A loop under observation.
	 */
	private final class Watched {

		private final LoopHistory history;

		private final LoopColumns columns;

		/** The name to show the loop by, once its thread has one. */
		private @Nullable String name;

		Watched(MonitoredLoop loop) {
			// A loop younger than our last look has done nothing that we have missed.
			boolean created = loop.recorder().createdAt() - EventLoopMonitor.this.lastSync >= 0;
			SecondColumns all = EventLoopMonitor.this.columns;
			this.history = new LoopHistory(loop, EventLoopMonitor.this.settings, EventLoopMonitor.this.cpuClock,
					EventLoopMonitor.this.counts, created);
			this.columns = new LoopColumns(all.capacity(), all.seconds());
		}

		boolean isStarted() {
			return this.history.loop.recorder().thread() != null;
		}

	}

	/**
	 * How much each loop counts at this instant: by its channels, or all started loops
	 * the same where there are none. Those of a management port do not count, and those
	 * that note nothing themselves count in the lag only.
	 */
	private final class Weights {

		private final IdentityHashMap<Watched, Integer> channels = new IdentityHashMap<>();

		private long total;

		private int started;

		/** Those of them whose utilization is known. */
		private int measured;

		Weights() {
			for (Watched watched : EventLoopMonitor.this.order) {
				if (watched.isStarted() && watched.history.loop.isCounted()) {
					int registered = watched.history.channelsOfSecond();
					this.channels.put(watched, registered);
					this.total += registered;
					this.started++;
					this.measured += watched.history.loop.isApproximate() ? 0 : 1;
				}
			}
		}

		boolean isMeasured(Watched watched) {
			return this.channels.containsKey(watched) && !watched.history.loop.isApproximate();
		}

		double of(Watched watched) {
			Integer registered = this.channels.get(watched);
			if (registered == null) {
				return 0;
			}
			return (this.total > 0) ? (double) registered / this.total : 1.0 / this.started;
		}

	}

	/**
	 * Names to show loops by. Two groups of one prefix have threads of the same name; a
	 * loop that was given another keeps it, so that its figures stay in one place.
	 */
	private final class Names {

		private final Set<String> given = new HashSet<>();

		Names() {
			for (Watched watched : EventLoopMonitor.this.order) {
				if (watched.name != null) {
					this.given.add(watched.name);
				}
			}
			// Before the others: what a loop is called once it has started, another may
			// still be expected to be called.
			for (Watched watched : EventLoopMonitor.this.order) {
				if (watched.name == null && watched.isStarted()) {
					watched.name = unique(watched.history.loop.name());
				}
			}
		}

		String of(Watched watched) {
			return (watched.name != null) ? watched.name : unique(watched.history.loop.name());
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
