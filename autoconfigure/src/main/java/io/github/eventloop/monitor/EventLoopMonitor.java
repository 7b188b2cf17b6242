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

import io.github.eventloop.monitor.LoopRecorder.Reading;

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

	/**
	 * A listener that wants to be called again at once must not make this thread spin.
	 */
	private static final long SHORTEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/** An iteration that is judged to be stuck may have begun long before a pause. */
	private static final long PAUSE_MEMORY_NANOS = TimeUnit.MINUTES.toNanos(5);

	private final MonitorSettings settings;

	private final LongSupplier clock;

	private final ThreadCpuClock cpuClock = new ThreadCpuClock();

	private final List<IsolatedSource> sources = new CopyOnWriteArrayList<>();

	private final List<EventLoopListener> listeners = new CopyOnWriteArrayList<>();

	/** How many connections wait at each port. */
	private final Function<Set<Integer>, Map<Integer, Integer>> acceptQueues;

	private final Pauses pauses = new Pauses();

	/** When the monitor's thread was not running although the process was. */
	private final Pauses starvation = new Pauses();

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

	/**
	 * The pauses that belong to it, and that {@link #pauses} has taken for accounted for.
	 */
	private final List<Long> pausesOfSecond = new ArrayList<>();

	/** Scratch space, as the next four are. */
	private final LagDistribution ofLoop = new LagDistribution();

	private final LagDistribution ofLoopAmongAll = new LagDistribution();

	private final int[] counts = new int[DurationBuckets.COUNT];

	private final LagDistribution ofAll = new LagDistribution();

	private final LagDistribution handledByAll = new LagDistribution();

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
		synchronized (this.lock) {
			if (this.sources.stream().noneMatch((known) -> known.is(source))) {
				this.sources.add(new IsolatedSource(source, this::failed));
			}
		}
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
			this.order.forEach((watched) -> loops.put(names.of(watched), watched.loop.loop()));
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
				.add(new LoopColumns.Named(names.of(watched), watched.columns, watched.loop.isApproximate())));
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

	/**
	 * Return for how much of some time the monitor's own thread was not given a CPU
	 * although the process was running: such a time is no pause, but the machine was so
	 * busy that loops may have been starved just the same.
	 * @param from when the time began, as {@link System#nanoTime()}, at most five minutes
	 * ago
	 * @param to when it ended
	 * @return the part of it in nanoseconds
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

	/** The recorders of all loops. */
	List<LoopRecorder> recorders() {
		synchronized (this.lock) {
			return this.order.stream().map((watched) -> watched.loop.recorder()).toList();
		}
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
			List<MonitoredLoop> loops = seen.stream().map((watched) -> watched.loop.loop()).toList();
			tell((listener) -> listener.onLoops(loops));
		}
		long now = this.clock.getAsLong();
		long[] next = { LONGEST_SLEEP_NANOS };
		tell((listener) -> next[0] = Math.min(next[0], Math.max(SHORTEST_SLEEP_NANOS, listener.onWakeUp(now))));
		return Math.max(0, Math.min(next[0], untilNextStall(now)));
	}

	private void takeEndedStalls(Watched watched) {
		for (LongIteration iteration : watched.history.takeEndedStalls()) {
			this.endedStalls.add(new EndedStall(watched.loop.loop(), iteration));
		}
	}

	/**
	 * What is known of a stall ends when nobody watches its loop any longer: the end of
	 * the stall itself would not be seen.
	 */
	private void endStallInProgress(Watched gone) {
		Reading reading = gone.loop.recorder().read();
		if (reading.busyNanos() > this.settings.stallThreshold().toNanos()) {
			this.formerStalls++;
			this.endedStalls.add(new EndedStall(gone.loop.loop(), new LongIteration(reading.at() - reading.busyNanos(),
					reading.at(), 0, gone.loop.recorder().iterationSteps(), 0)));
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
			long left = thresholdNanos - watched.loop.recorder().read().busyNanos();
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
				failed(ex);
			}
		}
	}

	private void failed(Throwable failure) {
		this.watcher.failed(failure);
	}

	private void syncLoops() {
		long now = this.clock.getAsLong();
		if (isOrderOfSources()) {
			this.lastSync = now;
			return;
		}
		IdentityHashMap<MonitoredLoop, Watched> present = new IdentityHashMap<>();
		List<Watched> ordered = new ArrayList<>();
		for (IsolatedSource source : this.sources) {
			for (MonitoredLoop loop : source.loops()) {
				Watched watched = present.containsKey(loop) ? null : watched(loop);
				if (watched != null && !watched.loop.isTerminated()) {
					present.put(loop, watched);
					ordered.add(watched);
				}
			}
		}
		this.sources.removeIf(IsolatedSource::isExhausted);
		this.lastSync = now;
		if (ordered.equals(this.order)) {
			return;
		}
		this.order.stream().filter((watched) -> !present.containsKey(watched.loop.loop())).forEach((gone) -> {
			takeEndedStalls(gone);
			endStallInProgress(gone);
			this.formerStalls += gone.history.stalls();
		});
		this.watched = present;
		this.order = List.copyOf(ordered);
	}

	private @Nullable Watched watched(MonitoredLoop loop) {
		Watched known = this.watched.get(loop);
		try {
			return (known != null) ? known : new Watched(loop);
		}
		catch (Throwable ex) {
			failed(ex);
			return null;
		}
	}

	/**
	 * Whether the sources still list what is watched, in the same order: mostly they do.
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
	 * All of the second is computed before any of it is kept. If that fails, the next one
	 * is longer, and nothing is counted twice or left out. If the process stood still
	 * meanwhile, the loops read after that have slept through a pause that the second
	 * does not have yet: it is computed anew.
	 */
	private EventLoopSecond takeSecond(double processCpu) {
		ComputedSecond computed = computeSecond();
		if (this.watcher.noteStandstill()) {
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
		for (Watched watched : this.order) {
			this.ofLoop.clear();
			LoopSecond second = watched.history.computeSlice(weights.of(watched), longestFirst, this.ofLoop, this.ofAll,
					this.handledByAll);
			Double cpuOfLoop = second.cpuUtilization();
			utilization += weights.isMeasured(watched) ? second.utilization() : 0;
			cpu += (weights.isMeasured(watched) && cpuOfLoop != null) ? cpuOfLoop : 0;
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
		for (Watched watched : this.order) {
			this.ofLoop.clear();
			LoopSnapshot loop = watched.history.snapshot(names.of(watched), weights.of(watched), pending, this.pauses,
					this.ofLoop, this.ofLoopAmongAll, this.ofAll);
			utilization += weights.isMeasured(watched) ? loop.utilization() : 0;
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

	/** The window reaches back to the beginning of a second. */
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

	/** A second that is not kept yet. */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	private record ComputedSecond(List<LoopSecond> loops, Lag lag, Lag handled, double utilization, double cpu,
			long[] pauses) {
	}

	/**
	 * A loop under observation.
	 */
	private final class Watched {

		private final IsolatedLoop loop;

		private final LoopHistory history;

		private final LoopColumns columns;

		/** The name to show the loop by, once its thread has one. */
		private @Nullable String name;

		Watched(MonitoredLoop loop) {
			this.loop = new IsolatedLoop(loop, EventLoopMonitor.this::failed);
			// A loop younger than our last look has done nothing that we have missed.
			boolean created = this.loop.recorder().createdAt() - EventLoopMonitor.this.lastSync >= 0;
			SecondColumns all = EventLoopMonitor.this.columns;
			this.history = new LoopHistory(this.loop, EventLoopMonitor.this.settings, EventLoopMonitor.this.cpuClock,
					EventLoopMonitor.this.counts, created);
			this.columns = new LoopColumns(all.capacity(), all.seconds());
		}

		boolean isStarted() {
			return this.loop.recorder().thread() != null;
		}

	}

	/**
	 * How much each loop counts at this instant: by its {@linkplain ChannelWeights
	 * channels}, or all started loops the same where there are none. Those of a
	 * management port do not count, and those that note nothing themselves count in the
	 * lag only.
	 */
	private final class Weights {

		/** Those that have started and count. */
		private final IdentityHashMap<Watched, Double> weights = new IdentityHashMap<>();

		/** How many of them have a utilization that is known. */
		private int measured;

		Weights() {
			List<Watched> counted = new ArrayList<>();
			boolean anyInUse = false;
			for (Watched watched : EventLoopMonitor.this.order) {
				if (watched.isStarted() && watched.loop.isCounted()) {
					counted.add(watched);
					this.weights.put(watched, 0.0);
					this.measured += watched.loop.isApproximate() ? 0 : 1;
					anyInUse |= watched.history.channelsOfSecond() > 0;
				}
			}
			if (anyInUse) {
				// Unused loops must not dilute the lag of those in use.
				counted.removeIf((watched) -> !watched.history.isInUse());
			}
			double[] each = ChannelWeights
				.of(counted.stream().mapToInt((watched) -> watched.history.channelsOfSecond()).toArray());
			for (int i = 0; i < each.length; i++) {
				this.weights.put(counted.get(i), each[i]);
			}
		}

		boolean isMeasured(Watched watched) {
			return this.weights.containsKey(watched) && !watched.loop.isApproximate();
		}

		double of(Watched watched) {
			return this.weights.getOrDefault(watched, 0.0);
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
					watched.name = unique(watched.loop.name());
				}
			}
		}

		String of(Watched watched) {
			return (watched.name != null) ? watched.name : unique(watched.loop.name());
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
