package io.github.eventloop.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.internal.LoopOrder;
import io.github.eventloop.netty.internal.LoopOwner;
import io.github.eventloop.netty.internal.LoopResourcesSettings;
import io.github.eventloop.netty.internal.RoleMarker;
import io.github.eventloop.netty.internal.Transport;
import io.github.eventloop.netty.internal.TransportGroups;

/**
 * {@link LoopResources} with monitored event loops. Everything else is as in the default
 * resources of Reactor Netty: names and kind of the threads, number of loops, transport,
 * colocation of clients with servers, and disposal.
 * <p>
 * An application that creates its own {@code LoopResources} can create these instead, and
 * declare them as a bean or pass them to
 * {@link io.github.eventloop.monitor.EventLoopMonitor#addSource}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MonitoredLoopResources implements LoopResources, LoopSource {

	private final LoopResourcesSettings settings;

	/** Numbers the threads of all groups. */
	private final AtomicLong threads = new AtomicLong();

	private final AtomicBoolean running = new AtomicBoolean(true);

	private final TransportGroups nativeGroups;

	private final TransportGroups nioGroups;

	private MonitoredLoopResources(LoopResourcesSettings settings) {
		this.settings = settings;
		this.nativeGroups = new TransportGroups(settings, this.threads, () -> Transport.PREFERRED);
		this.nioGroups = new TransportGroups(settings, this.threads, () -> Transport.NIO);
	}

	/**
	 * Create a builder. Its defaults are those of {@link LoopResources#create(String)}.
	 * @param prefix the prefix of the names of the threads
	 * @return a builder
	 */
	public static Builder builder(String prefix) {
		return new Builder(prefix);
	}

	/**
	 * Create resources as {@link LoopResources#create(String)} does.
	 * @param prefix the prefix of the names of the threads
	 * @return the resources
	 */
	public static MonitoredLoopResources create(String prefix) {
		return builder(prefix).build();
	}

	@Override
	public EventLoopGroup onServer(boolean useNative) {
		return groups(useNative).server();
	}

	@Override
	public EventLoopGroup onServerSelect(boolean useNative) {
		return groups(useNative).select();
	}

	@Override
	public EventLoopGroup onClient(boolean useNative) {
		return groups(useNative).client();
	}

	@Override
	public <CHANNEL extends Channel> CHANNEL onChannel(Class<CHANNEL> channelType, EventLoopGroup group) {
		CHANNEL channel = LoopResources.super.onChannel(channelType, group);
		channel.pipeline().addLast(RoleMarker.INSTANCE);
		return channel;
	}

	/**
	 * Return how a loop is chosen for a new connection.
	 * @return the connection placement
	 */
	public Placement placement() {
		return this.settings.placement();
	}

	/**
	 * Return whether connections are accepted by dedicated loops.
	 * @return whether there are dedicated acceptor loops
	 */
	public boolean hasDedicatedAcceptor() {
		return this.settings.hasDedicatedAcceptor();
	}

	private TransportGroups groups(boolean useNative) {
		return (useNative && Transport.PREFERRED != Transport.NIO) ? this.nativeGroups : this.nioGroups;
	}

	@Override
	public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
		return Mono.defer(() -> {
			if (!this.running.compareAndSet(true, false)) {
				return Mono.empty();
			}
			List<Mono<Void>> shutdowns = new ArrayList<>();
			this.nativeGroups.shutDown(quietPeriod, timeout, shutdowns);
			this.nioGroups.shutDown(quietPeriod, timeout, shutdowns);
			return Mono.when(shutdowns)
				.timeout(timeout, Mono.error(() -> new IllegalStateException(
						"LoopResources couldn't be disposed within " + timeout.toMillis() + "ms")));
		});
	}

	@Override
	public boolean isDisposed() {
		return !this.running.get();
	}

	/**
	 * Return the loops, ordered by number. Loops that have not started come last, with
	 * the numbers that their threads get if they start in this order.
	 */
	@Override
	public List<MonitoredLoop> loops() {
		return LoopOrder.byNumber(ownGroups(), this.threads);
	}

	private List<EventLoopGroup> ownGroups() {
		List<EventLoopGroup> groups = new ArrayList<>();
		this.nativeGroups.addOwn(groups);
		this.nioGroups.addOwn(groups);
		return groups;
	}

	@Override
	public boolean isExhausted() {
		return isDisposed() && ownGroups().stream().allMatch(EventLoopGroup::isTerminated);
	}

	@Override
	public String toString() {
		LoopResourcesSettings settings = this.settings;
		return "MonitoredLoopResources {prefix=" + settings.prefix() + ", daemon=" + settings.daemon()
				+ ", selectCount=" + settings.selectCount() + ", workerCount=" + settings.workerCount() + ", placement="
				+ settings.placement() + '}';
	}

	/**
	 * Builder for {@link MonitoredLoopResources}. Not thread-safe.
	 */
	public static final class Builder {

		private final String prefix;

		private int selectCount = DEFAULT_IO_SELECT_COUNT;

		private int workerCount = DEFAULT_IO_WORKER_COUNT;

		private boolean daemon = true;

		private boolean colocate = true;

		private Placement placement = Placement.ROUND_ROBIN;

		private LoopOwner owner = LoopOwner.APPLICATION;

		private Builder(String prefix) {
			if (Objects.requireNonNull(prefix, "'prefix' must not be null").isEmpty()) {
				throw new IllegalArgumentException("'prefix' must not be empty");
			}
			this.prefix = prefix;
		}

		/**
		 * Set the number of dedicated acceptor loops.
		 * @param selectCount the number, 1 or more, or -1 to accept connections on the
		 * other loops
		 * @return this builder
		 */
		public Builder selectCount(int selectCount) {
			if (selectCount < 1 && selectCount != -1) {
				throw new IllegalArgumentException(
						"'selectCount' must be 1 or more, or -1 to let the workers accept, but is " + selectCount);
			}
			this.selectCount = selectCount;
			return this;
		}

		/**
		 * Accept connections on a dedicated loop, unless dedicated acceptor loops are
		 * already configured.
		 * @return this builder
		 */
		public Builder dedicatedAcceptor() {
			return (this.selectCount == -1) ? selectCount(1) : this;
		}

		/**
		 * Set the number of loops that serve connections.
		 * @param workerCount the number, 1 or more
		 * @return this builder
		 */
		public Builder workerCount(int workerCount) {
			if (workerCount < 1) {
				throw new IllegalArgumentException("'workerCount' must be 1 or more but is " + workerCount);
			}
			this.workerCount = workerCount;
			return this;
		}

		/**
		 * Set whether the threads of the loops are daemon threads.
		 * @param daemon whether they are daemon threads
		 * @return this builder
		 */
		public Builder daemon(boolean daemon) {
			this.daemon = daemon;
			return this;
		}

		/**
		 * Set whether a client that is used on a loop stays on that loop.
		 * @param colocate whether it stays on the loop
		 * @return this builder
		 */
		public Builder colocate(boolean colocate) {
			this.colocate = colocate;
			return this;
		}

		/**
		 * Set how a loop is chosen for a new connection.
		 * @param placement the connection placement
		 * @return this builder
		 */
		public Builder placement(Placement placement) {
			this.placement = placement;
			return this;
		}

		/**
		 * Use the loops for a management port, so that they do not count in the status of
		 * the application.
		 * @return this builder
		 */
		public Builder forManagement() {
			this.owner = LoopOwner.MANAGEMENT;
			return this;
		}

		/**
		 * Use the loops for a driver: they get the role
		 * {@link io.github.eventloop.monitor.LoopRole#DRIVER}.
		 * @param component the name of the driver, such as {@code r2dbc}
		 * @param counted whether its loops count in the lag, the utilization and the
		 * status of the application
		 * @return this builder
		 */
		public Builder forDriver(String component, boolean counted) {
			this.owner = LoopOwner.driver(component, counted);
			return this;
		}

		/**
		 * Build the resources.
		 * @return the resources, whose loops are created on first use
		 */
		public MonitoredLoopResources build() {
			return new MonitoredLoopResources(new LoopResourcesSettings(this.prefix, this.selectCount, this.workerCount,
					this.daemon, this.colocate, this.placement, this.owner));
		}

	}

}
