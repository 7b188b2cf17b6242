package io.github.eventloop.netty;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.second.LoopPoller;
import io.github.eventloop.monitor.internal.thread.Isolated;
import io.github.eventloop.netty.internal.ExternalLoop;
import io.github.eventloop.netty.internal.LoopDiscovery;
import io.github.eventloop.netty.internal.LoopOwner;

/**
 * Source of external event loops, such as those of a driver, for an
 * {@link EventLoopMonitor}. Each of them is measured from outside, by how long a probe, a
 * task that does nothing, waits in its queue. The results are
 * {@linkplain MonitoredLoop#isApproximate() approximate}.
 * <p>
 * The monitor thread sends the probes at its regular ticks: about ten and at most twenty
 * per second, with one in flight for each loop. A probe does not start the thread of a
 * loop, and a terminated loop is removed.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ExternalLoops implements AutoCloseable {

	/** The monitor thread ticks more often while an event loop is stalled. */
	private static final long SHORTEST_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	/** Each loop is probed: more of them would make the probes a load of their own. */
	private static final int MAX_DISCOVERED = 256;

	private static final Log logger = LogFactory.getLog(ExternalLoops.class);

	private final EventLoopMonitor monitor;

	private final boolean driversCounted;

	/** Volatile: replaced under this object's monitor, read by any thread. */
	private volatile List<ExternalLoop> loops = List.of();

	/** Volatile: set once, by any thread. */
	private volatile boolean closed;

	/** Used by the monitor thread only. */
	private long probedAt = System.nanoTime() - SHORTEST_INTERVAL_NANOS;

	private final LoopSource source = new LoopSource() {

		@Override
		public Collection<? extends MonitoredLoop> loops() {
			return ExternalLoops.this.loops;
		}

		@Override
		public boolean isExhausted() {
			return ExternalLoops.this.closed;
		}

	};

	private final LoopPoller poller = this::sendProbes;

	private final BiConsumer<String, EventLoopGroup> discoveryListener = this::addDiscovered;

	/** Guarded by this object's monitor. */
	private boolean limitLogged;

	/**
	 * Create an empty source of external loops. Those of drivers do not count in the
	 * status of the application.
	 * @param monitor the monitor that the loops are added to
	 */
	public ExternalLoops(EventLoopMonitor monitor) {
		this(monitor, false);
	}

	/**
	 * Create an empty source of external loops.
	 * @param monitor the monitor that the loops are added to
	 * @param driversCounted whether the loops of drivers count in the lag, the
	 * utilization and the status of the application
	 */
	public ExternalLoops(EventLoopMonitor monitor, boolean driversCounted) {
		this.monitor = monitor;
		this.driversCounted = driversCounted;
		monitor.addSource(this.source);
		monitor.addListener(this.poller);
	}

	/**
	 * Monitor the external loops of the given event loop group. Loops that were created
	 * by this library are ignored.
	 * @param group the group that the loops are reported as; it is a tag of meters, so
	 * its cardinality should be low
	 * @param loops the event loop group
	 * @return whether an external loop that was not measured before has been added
	 */
	public boolean add(String group, EventLoopGroup loops) {
		return add(group, LoopOwner.APPLICATION, loops);
	}

	/**
	 * Monitor the external loops of a driver, or of another client or server that has
	 * loops of its own.
	 * @param group the group that the loops are reported as
	 * @param component the name of the driver
	 * @param loops the event loop group
	 * @return whether an external loop that was not measured before has been added
	 */
	public boolean addDriver(String group, String component, EventLoopGroup loops) {
		return add(group, LoopOwner.driver(component, this.driversCounted), loops);
	}

	/**
	 * Also monitor all other external loops that are used with Netty's {@code Bootstrap}
	 * and {@code ServerBootstrap}, if the system property
	 * {@code io.netty.bootstrap.extensions} is {@code serviceload}: as loops of a driver
	 * that is named after their threads. Once 256 external loops are monitored, no
	 * further group is added.
	 */
	public void discover() {
		LoopDiscovery.removeListener(this.discoveryListener);
		LoopDiscovery.addListener(this.discoveryListener);
	}

	private synchronized void addDiscovered(String threads, EventLoopGroup loops) {
		if (this.loops.size() < MAX_DISCOVERED) {
			if (addDriver(threads, threads.split("-", 2)[0], loops)) {
				logger.debug("Discovered external event loops, which are measured approximately: " + threads);
			}
		}
		else if (!this.limitLogged) {
			this.limitLogged = true;
			logger.info("Discovered external event loops, such as " + threads + ", which are not measured, because "
					+ this.loops.size() + " external loops are already measured.");
		}
	}

	private synchronized boolean add(String group, LoopOwner owner, EventLoopGroup loops) {
		if (this.closed) {
			return false;
		}
		List<ExternalLoop> external = new ArrayList<>(this.loops);
		int number = 0;
		for (EventExecutor executor : loops) {
			number++;
			if (executor instanceof EventLoop loop && !(loop instanceof MonitoredLoop)
					&& external.stream().noneMatch((existing) -> existing.measures(loop))) {
				external.add(new ExternalLoop(loop, group, owner, number));
			}
		}
		boolean added = external.size() > this.loops.size();
		this.loops = List.copyOf(external);
		return added;
	}

	private long sendProbes(long now) {
		if (now - this.probedAt < SHORTEST_INTERVAL_NANOS) {
			return Long.MAX_VALUE;
		}
		this.probedAt = now;
		List<ExternalLoop> terminated = new ArrayList<>();
		try {
			Isolated.forEach(this.loops, (loop) -> {
				loop.sendProbe();
				if (loop.isTerminated()) {
					terminated.add(loop);
				}
			});
		}
		finally {
			remove(terminated);
		}
		return Long.MAX_VALUE;
	}

	private synchronized void remove(List<ExternalLoop> terminated) {
		if (!terminated.isEmpty()) {
			this.loops = this.loops.stream().filter((loop) -> !terminated.contains(loop)).toList();
		}
	}

	/**
	 * Stop monitoring these loops.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		LoopDiscovery.removeListener(this.discoveryListener);
		this.monitor.removeListener(this.poller);
		this.loops = List.of();
	}

}
