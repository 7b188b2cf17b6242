package io.github.eventloop.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.monitor.MonitoredLoop;

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

	private final String prefix;

	private final int selectCount;

	private final int workerCount;

	private final boolean daemon;

	private final boolean colocate;

	private final Placement placement;

	private final Set<LoopRole> roles;

	/** Numbers the threads of all groups. */
	private final AtomicLong threads = new AtomicLong();

	private final AtomicBoolean running = new AtomicBoolean(true);

	private final Groups nativeGroups = new Groups(() -> Transport.PREFERRED);

	private final Groups nioGroups = new Groups(() -> Transport.NIO);

	private MonitoredLoopResources(Builder builder) {
		this.prefix = builder.prefix;
		this.selectCount = builder.selectCount;
		this.workerCount = builder.workerCount;
		this.daemon = builder.daemon;
		this.colocate = builder.colocate;
		this.placement = builder.placement;
		this.roles = builder.roles;
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

	/**
	 * Create resources as {@link LoopResources#create(String, int, boolean)} does.
	 * @param prefix the prefix of the names of the threads
	 * @param workerCount the number of loops, 1 or more
	 * @param daemon whether their threads are daemon threads
	 * @return the resources
	 */
	public static MonitoredLoopResources create(String prefix, int workerCount, boolean daemon) {
		return create(prefix, -1, workerCount, daemon);
	}

	/**
	 * Create resources as {@link LoopResources#create(String, int, int, boolean)} does.
	 * @param prefix the prefix of the names of the threads
	 * @param selectCount the number of dedicated acceptor loops, or -1 to accept
	 * connections on the other loops
	 * @param workerCount the number of other loops, 1 or more
	 * @param daemon whether their threads are daemon threads
	 * @return the resources
	 */
	public static MonitoredLoopResources create(String prefix, int selectCount, int workerCount, boolean daemon) {
		return create(prefix, selectCount, workerCount, daemon, true);
	}

	/**
	 * Create resources as
	 * {@link LoopResources#create(String, int, int, boolean, boolean)} does.
	 * @param prefix the prefix of the names of the threads
	 * @param selectCount the number of dedicated acceptor loops, or -1 to accept
	 * connections on the other loops
	 * @param workerCount the number of other loops, 1 or more
	 * @param daemon whether their threads are daemon threads
	 * @param colocate whether a client that is used on a loop stays on that loop
	 * @return the resources
	 */
	public static MonitoredLoopResources create(String prefix, int selectCount, int workerCount, boolean daemon,
			boolean colocate) {
		return builder(prefix).selectCount(selectCount)
			.workerCount(workerCount)
			.daemon(daemon)
			.colocate(colocate)
			.build();
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
		return this.placement;
	}

	/**
	 * Return whether connections are accepted by dedicated loops.
	 * @return whether there are dedicated acceptor loops
	 */
	public boolean hasDedicatedAcceptor() {
		return this.selectCount != -1;
	}

	private Groups groups(boolean useNative) {
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
		List<MonitoredEventLoop> loops = new ArrayList<>();
		// Kept apart, since a loop that starts during the sort would break the ordering.
		List<MonitoredEventLoop> notStarted = new ArrayList<>();
		boolean ordered = true;
		long last = 0;
		for (EventLoopGroup group : ownGroups()) {
			for (EventExecutor executor : group) {
				MonitoredEventLoop loop = (MonitoredEventLoop) executor;
				long number = loop.number();
				if (number == MonitoredEventLoop.NO_NUMBER) {
					notStarted.add(loop);
				}
				else {
					loops.add(loop);
					ordered &= number > last;
					last = number;
				}
			}
		}
		// They usually are, and this method is called eleven times per second.
		if (!ordered) {
			loops.sort(Comparator.comparingLong(MonitoredEventLoop::number));
		}
		long number = this.threads.get();
		for (MonitoredEventLoop loop : notStarted) {
			if (loop.number() == MonitoredEventLoop.NO_NUMBER) {
				loop.setExpectedNumber(++number);
			}
		}
		loops.addAll(notStarted);
		return Collections.unmodifiableList(loops);
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
		return "MonitoredLoopResources {prefix=" + this.prefix + ", daemon=" + this.daemon + ", selectCount="
				+ this.selectCount + ", workerCount=" + this.workerCount + ", placement=" + this.placement + '}';
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

		private Set<LoopRole> roles = Set.of();

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
			this.roles = Set.of(LoopRole.MANAGEMENT);
			return this;
		}

		/**
		 * Build the resources.
		 * @return the resources, whose loops are created on first use
		 */
		public MonitoredLoopResources build() {
			return new MonitoredLoopResources(this);
		}

	}

	/**
	 * The event loop groups of one transport, created on first use. Thread-safe: guarded
	 * by itself.
	 */
	private final class Groups {

		/** Lazy, since detecting the transport loads native libraries. */
		private final Supplier<Transport> transport;

		private @Nullable EventLoopGroup server;

		private @Nullable EventLoopGroup select;

		private @Nullable EventLoopGroup client;

		Groups(Supplier<Transport> transport) {
			this.transport = transport;
		}

		synchronized EventLoopGroup server() {
			EventLoopGroup group = this.server;
			if (group == null) {
				group = newGroup(MonitoredLoopResources.this.workerCount, "-");
				this.server = group;
			}
			return group;
		}

		synchronized EventLoopGroup select() {
			if (MonitoredLoopResources.this.selectCount == -1) {
				return server();
			}
			EventLoopGroup group = this.select;
			if (group == null) {
				group = newGroup(MonitoredLoopResources.this.selectCount, "-select-");
				this.select = group;
			}
			return group;
		}

		synchronized EventLoopGroup client() {
			EventLoopGroup group = this.client;
			if (group == null) {
				group = MonitoredLoopResources.this.colocate ? LoopResources.colocate(server()) : server();
				this.client = group;
			}
			return group;
		}

		private EventLoopGroup newGroup(int size, String infix) {
			MonitoredLoopResources resources = MonitoredLoopResources.this;
			Transport transport = this.transport.get();
			String threadPrefix = resources.prefix + infix + transport.label();
			return new MonitoredEventLoopGroup(size,
					new LoopThread.Factory(threadPrefix, resources.daemon, resources.threads),
					transport.newHandlerFactory(), resources.placement,
					new LoopPurpose(resources.prefix, threadPrefix, resources.roles));
		}

		/** Add the groups that own their loops. Called eleven times per second. */
		synchronized void addOwn(List<EventLoopGroup> groups) {
			if (this.server != null) {
				groups.add(this.server);
			}
			if (this.select != null) {
				groups.add(this.select);
			}
		}

		/**
		 * Shut down the groups. The client group comes first, since it refers to the
		 * loops of the server group.
		 */
		synchronized void shutDown(Duration quietPeriod, Duration timeout, List<Mono<Void>> shutdowns) {
			Stream.of(this.client, this.select, this.server)
				.filter(Objects::nonNull)
				.map((group) -> group.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(),
						TimeUnit.MILLISECONDS))
				.map(Groups::toMono)
				.forEach(shutdowns::add);
		}

		@SuppressWarnings({ "unchecked", "rawtypes" })
		private static Mono<Void> toMono(Future<?> future) {
			return FutureMono.from((Future) future);
		}

	}

}
