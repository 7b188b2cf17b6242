package io.github.eventloop.monitor.internal.second;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.loop.EndedStalls;
import io.github.eventloop.monitor.internal.loop.LoopEntry;
import io.github.eventloop.monitor.internal.thread.FailureLog;
import io.github.eventloop.monitor.internal.thread.Isolated;

/**
 * Listeners of a monitor, some of which are pollers. A failure of one does not affect the
 * others.
 * <p>
 * Thread-safe without a lock: any thread adds and removes, the monitor thread calls them,
 * never under the lock of its {@link EventLoopMonitor}.
 */
public final class MonitorListeners {

	/**
	 * Poll interval of an idle application. Not 100 ms, which is the period in which
	 * Linux refills CPU quotas: polls would always fall into the same part of it.
	 */
	private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(91);

	/**
	 * Shortest sleep, so that a poller that requests an immediate call does not keep the
	 * monitor thread busy.
	 */
	private static final long SHORTEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/** Copied on write: changed by any thread, iterated by the monitor thread. */
	private final List<EventLoopListener> listeners = new CopyOnWriteArrayList<>();

	private final FailureLog failures;

	/**
	 * Whether a listener has been added since the last notification of loops. Volatile:
	 * set by any thread after the listener was added, reset by the monitor thread before
	 * it iterates the listeners, so that none is left out.
	 */
	private volatile boolean listenerAdded;

	/**
	 * The loops that the listeners were last notified of. Accessed by the monitor thread
	 * only.
	 */
	private List<LoopEntry> notifiedLoops = List.of();

	/**
	 * Create an empty list.
	 * @param failures receives the failures of listeners
	 */
	public MonitorListeners(FailureLog failures) {
		this.failures = failures;
	}

	public void add(EventLoopListener listener) {
		this.listeners.add(listener);
		this.listenerAdded = true;
	}

	public void remove(EventLoopListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Notify the listeners of stalls that have ended.
	 * @param ended the stalls
	 */
	public void stallsEnded(List<EndedStalls.EndedStall> ended) {
		ended.forEach((stall) -> forEach((listener) -> listener.onStallEnded(stall.loop(), stall.iteration())));
	}

	/**
	 * Notify the listeners of the loops, if these have changed or a listener was added.
	 * @param current the loops: the same list as before if they have not changed
	 */
	public void loopsPolled(List<LoopEntry> current) {
		if (current != this.notifiedLoops || this.listenerAdded) {
			this.listenerAdded = false;
			this.notifiedLoops = current;
			List<MonitoredLoop> loops = current.stream().map((entry) -> entry.loop().loop()).toList();
			forEach((listener) -> listener.onLoops(loops));
		}
	}

	/**
	 * Call the pollers.
	 * @param now the current instant
	 * @return the time in nanoseconds until the next poll at the latest
	 */
	public long poll(long now) {
		long[] next = { LONGEST_SLEEP_NANOS };
		forEach((listener) -> {
			if (listener instanceof LoopPoller poller) {
				next[0] = Math.min(next[0], Math.max(SHORTEST_SLEEP_NANOS, poller.poll(now)));
			}
		});
		return next[0];
	}

	/**
	 * Notify the listeners of a second that has ended.
	 * @param second the second
	 */
	public void secondEnded(EventLoopSecond second) {
		forEach((listener) -> listener.onSecond(second));
	}

	private void forEach(Consumer<EventLoopListener> call) {
		Isolated.forEach(this.listeners, call,
				(listener, failure) -> this.failures.failed("Event loop monitor caught a failure of the listener "
						+ listener.getClass().getName() + " and keeps monitoring", failure));
	}

}
