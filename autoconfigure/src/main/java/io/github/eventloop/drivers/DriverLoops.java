package io.github.eventloop.drivers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.Placement;
import io.github.eventloop.netty.internal.LoopOwner;
import io.github.eventloop.netty.internal.LoopPurpose;
import io.github.eventloop.netty.internal.MonitoredEventLoopGroup;
import io.github.eventloop.netty.internal.Transport;

/**
 * Factory of monitored event loop groups for drivers, and the source of their loops for
 * an {@link EventLoopMonitor}. The groups replace those that drivers create by default;
 * the caller shuts them down. The loops have the role {@link LoopRole#DRIVER}.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class DriverLoops implements LoopSource {

	private final boolean counted;

	/** Copied on write: changed by threads that create drivers, read by any thread. */
	private final List<EventLoopGroup> groups = new CopyOnWriteArrayList<>();

	/**
	 * Create a factory without groups.
	 * @param counted whether the loops count in the lag, the utilization and the status
	 * of the application, as those of the server do
	 */
	public DriverLoops(boolean counted) {
		this.counted = counted;
	}

	/**
	 * Create an event loop group. Its threads start when they are first used.
	 * @param component the name of the driver, which is also the name of the group
	 * @param size the number of loops, or 0 for Netty's default
	 * @param threads creates the threads, which are named and configured as those of the
	 * driver
	 * @param channelType the class of the channels that the driver registers, which
	 * determines the transport
	 * @return the group
	 */
	public EventLoopGroup newGroup(String component, int size, ThreadFactory threads,
			Class<? extends Channel> channelType) {
		EventLoopGroup group = new MonitoredEventLoopGroup(size, threads, Transport.of(channelType).newHandlerFactory(),
				Placement.ROUND_ROBIN,
				new LoopPurpose(component, component, LoopOwner.driver(component, this.counted)));
		this.groups.add(group);
		group.terminationFuture().addListener((terminated) -> this.groups.remove(group));
		return group;
	}

	/**
	 * Return the loops of all groups that have not terminated.
	 */
	@Override
	public List<MonitoredLoop> loops() {
		List<MonitoredLoop> loops = new ArrayList<>();
		for (EventLoopGroup group : this.groups) {
			for (EventExecutor loop : group) {
				loops.add((MonitoredLoop) loop);
			}
		}
		return loops;
	}

}
