package io.github.eventloop.netty;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.Isolated;
import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Has an {@link EventLoopMonitor} watch loops that are not ours, such as those of a
 * driver: from outside, by how long a task waits that does nothing. What is known of them
 * that way is {@linkplain MonitoredLoop#isApproximate() approximate}.
 * <p>
 * The tasks are sent by the monitor's thread when it is awake anyway, about ten times a
 * second and at most twenty, one at a time for each loop. A loop whose thread has not
 * started is not started by it, and one that ends is forgotten.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ForeignLoops implements AutoCloseable {

	/** The monitor is awake more often while something stalls. */
	private static final long SHORTEST_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private final EventLoopMonitor monitor;

	/** Volatile: replaced under this object's monitor, read by any thread. */
	private volatile List<ForeignLoop> loops = List.of();

	/** Volatile: set once, by any thread. */
	private volatile boolean closed;

	/** Only the monitor's thread uses it. */
	private long askedAt = System.nanoTime() - SHORTEST_INTERVAL_NANOS;

	private final LoopSource source = new LoopSource() {

		@Override
		public Collection<? extends MonitoredLoop> loops() {
			return ForeignLoops.this.loops;
		}

		@Override
		public boolean isExhausted() {
			return ForeignLoops.this.closed;
		}

	};

	private final EventLoopListener listener = new EventLoopListener() {

		@Override
		public long onWakeUp(long now) {
			askAll(now);
			return Long.MAX_VALUE;
		}

	};

	/**
	 * Create a collection of loops, none so far.
	 * @param monitor the monitor that is to watch them
	 */
	public ForeignLoops(EventLoopMonitor monitor) {
		this.monitor = monitor;
		monitor.watch(this.source);
		monitor.addListener(this.listener);
	}

	/**
	 * Watch the loops that some resources have for servers, and thereby those of their
	 * clients, which by default are the same. Asks the resources for them, which makes
	 * most resources create their loops, but start none.
	 * @param group what to show the loops as
	 * @param resources the resources
	 * @return whether there are loops among them that are not ours and were not watched
	 */
	public boolean watch(String group, LoopResources resources) {
		boolean added = watch(group, resources.onServer(LoopResources.DEFAULT_NATIVE));
		return watch(group, resources.onServerSelect(LoopResources.DEFAULT_NATIVE)) || added;
	}

	/**
	 * Watch the loops of a group, except for ours.
	 * @param group what to show the loops as, as a name of few: it is the tag of meters
	 * @param loops the loops
	 * @return whether there are loops among them that are not ours and were not watched
	 */
	public synchronized boolean watch(String group, EventLoopGroup loops) {
		if (this.closed) {
			return false;
		}
		List<ForeignLoop> present = new ArrayList<>(this.loops);
		int number = 0;
		for (EventExecutor executor : loops) {
			number++;
			if (executor instanceof EventLoop loop && !(loop instanceof MonitoredLoop)
					&& present.stream().noneMatch((known) -> known.watches(loop))) {
				present.add(new ForeignLoop(loop, group, number));
			}
		}
		boolean added = present.size() > this.loops.size();
		this.loops = List.copyOf(present);
		return added;
	}

	private void askAll(long now) {
		if (now - this.askedAt < SHORTEST_INTERVAL_NANOS) {
			return;
		}
		this.askedAt = now;
		List<ForeignLoop> ended = new ArrayList<>();
		try {
			Isolated.forEach(this.loops, (loop) -> {
				loop.ask();
				if (loop.isTerminated()) {
					ended.add(loop);
				}
			});
		}
		finally {
			forget(ended);
		}
	}

	private synchronized void forget(List<ForeignLoop> ended) {
		if (!ended.isEmpty()) {
			this.loops = this.loops.stream().filter((loop) -> !ended.contains(loop)).toList();
		}
	}

	/**
	 * Watch these loops no more.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		this.monitor.removeListener(this.listener);
		this.loops = List.of();
	}

}
