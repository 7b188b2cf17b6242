package io.github.eventloop.monitor;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.apache.commons.logging.LogFactory;

import io.github.eventloop.monitor.internal.loop.AcceptQueues;
import io.github.eventloop.monitor.internal.loop.EndedStalls;
import io.github.eventloop.monitor.internal.loop.LoopEntry;
import io.github.eventloop.monitor.internal.loop.LoopNames;
import io.github.eventloop.monitor.internal.loop.LoopRegistry;
import io.github.eventloop.monitor.internal.loop.SecondColumns;
import io.github.eventloop.monitor.internal.pause.PauseDetector;
import io.github.eventloop.monitor.internal.recorder.RecordedView;
import io.github.eventloop.monitor.internal.second.MonitorListeners;
import io.github.eventloop.monitor.internal.second.MonitorThread;
import io.github.eventloop.monitor.internal.second.SecondAggregator;
import io.github.eventloop.monitor.internal.thread.FailureLog;
import io.github.eventloop.monitor.internal.thread.ProcessCpuClock;

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

	private final MonitorSettings settings;

	private final LongSupplier clock;

	/** Returns the number of connections waiting to be accepted, by port. */
	private final Function<Set<Integer>, Map<Integer, Integer>> acceptQueues;

	private final FailureLog failures = new FailureLog(LogFactory.getLog(EventLoopMonitor.class));

	private final MonitorListeners listeners = new MonitorListeners(this.failures);

	private final PauseDetector pauses = new PauseDetector();

	/** Accessed by the monitor thread only. */
	private final ProcessCpuClock processCpu;

	private final MonitorThread monitorThread;

	/**
	 * Guards the registry, the ended stalls and the aggregator, with everything that
	 * belongs to the loops. Held for microseconds per loop, never while a listener runs,
	 * and never acquired by the work of an event loop.
	 */
	private final Object lock = new Object();

	private final LoopRegistry registry;

	private final EndedStalls endedStalls;

	private final SecondAggregator aggregator;

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
		SecondColumns columns = new SecondColumns((int) settings.history().toSeconds());
		this.endedStalls = new EndedStalls(settings);
		this.registry = new LoopRegistry(settings, clock, columns, this.endedStalls::addLastFrom, this::failed);
		this.aggregator = new SecondAggregator(settings, clock, this.pauses, columns);
		this.processCpu = new ProcessCpuClock(clock);
		this.monitorThread = new MonitorThread(new Work(), this.pauses, this::failed);
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
			this.registry.addSource(source);
		}
	}

	/**
	 * Add a listener. It is notified of the existing loops in the next poll, about a
	 * tenth of a second later; a second that ends before that is reported earlier.
	 * @param listener the listener; notified twice if it is added twice
	 */
	public void addListener(EventLoopListener listener) {
		this.listeners.add(listener);
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
	 * Stop the monitor thread, and wait for its end for up to two seconds, unless that
	 * thread calls this method. The monitor can be started again.
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
			this.registry.sync();
			this.pauses.catchUp();
			return this.aggregator.takeSnapshot(this.registry.entries(), this.endedStalls.ofRemovedLoops());
		}
	}

	/**
	 * Return the loop that has a name in a {@link #snapshot()}.
	 * @param name the name
	 * @return the loop, or empty if no loop has that name
	 */
	public Optional<MonitoredLoop> loop(String name) {
		synchronized (this.lock) {
			this.registry.sync();
			return Optional.ofNullable(LoopNames.namedLoops(this.registry.entries()).get(name));
		}
	}

	/**
	 * Return the name that a loop has in a {@link #snapshot()}.
	 * @param loop the loop
	 * @return the name, which is unique; that of the thread if the loop is not monitored
	 */
	public String nameOf(MonitoredLoop loop) {
		synchronized (this.lock) {
			return LoopNames.nameOf(loop, this.registry.entries());
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
			return this.aggregator.history(this.registry.entries(), after);
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
		this.pauses.catchUp();
		return this.pauses.pausedNanos(from, to);
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
		return this.pauses.collectingNanos(from, to);
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
		return this.pauses.collectedConcurrently(from, to);
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
		return this.pauses.starvedNanos(from, to);
	}

	/**
	 * Return whether all garbage collections are known. On a busy machine, notifications
	 * of collections before the last one may be late.
	 * @return whether {@link #collectingNanos(long, long)} includes all collections
	 */
	public boolean areCollectionsComplete() {
		return this.pauses.areCollectionsComplete();
	}

	PauseDetector pauses() {
		return this.pauses;
	}

	List<RecordedView> views() {
		synchronized (this.lock) {
			return this.registry.views();
		}
	}

	/**
	 * Poll the loops, and notify the listeners of changes. Called by the monitor thread.
	 * @return the time in nanoseconds until the next poll at the latest
	 */
	long poll() {
		List<LoopEntry> current;
		List<EndedStalls.EndedStall> ended;
		synchronized (this.lock) {
			this.registry.sync();
			current = this.registry.entries();
			for (LoopEntry entry : current) {
				entry.history().sampleChannels();
				this.endedStalls.addFrom(entry);
			}
			ended = this.endedStalls.take();
		}
		this.listeners.stallsEnded(ended);
		this.listeners.loopsPolled(current);
		long now = this.clock.getAsLong();
		long next = this.listeners.poll(now);
		return Math.max(0,
				Math.min(next, LoopEntry.untilNextStall(current, this.settings.stallThreshold(), this.clock, now)));
	}

	/**
	 * End the current second, and notify the listeners. Called by the monitor thread.
	 */
	void endSecond() {
		Set<Integer> ports = new HashSet<>();
		synchronized (this.lock) {
			this.registry.sync();
			for (LoopEntry entry : this.registry.entries()) {
				ports.addAll(entry.history().waiting().portsToPoll());
			}
		}
		// Not under the lock, because this reads files. Loops that are added meanwhile
		// are included in the next poll.
		Map<Integer, Integer> waiting = ports.isEmpty() ? Map.of() : this.acceptQueues.apply(ports);
		double processCpu = this.processCpu.utilization();
		// A pause detected now still counts for the idle loops in this second.
		this.monitorThread.detectPause();
		EventLoopSecond second;
		synchronized (this.lock) {
			List<LoopEntry> entries = this.registry.entries();
			for (LoopEntry entry : entries) {
				entry.history().waiting().record(ports, waiting);
			}
			second = this.aggregator.endSecond(entries, processCpu, this.endedStalls.ofRemovedLoops(),
					this.monitorThread::detectPause);
		}
		this.listeners.secondEnded(second);
	}

	private void failed(Throwable failure) {
		this.failures.failed("Event loop monitor caught a failure and keeps monitoring", failure);
	}

	/** The work of the monitor thread. */
	private final class Work implements MonitorThread.Work {

		@Override
		public List<RecordedView> views() {
			return EventLoopMonitor.this.views();
		}

		@Override
		public long poll() {
			return EventLoopMonitor.this.poll();
		}

		@Override
		public void endSecond() {
			EventLoopMonitor.this.endSecond();
		}

	}

}
