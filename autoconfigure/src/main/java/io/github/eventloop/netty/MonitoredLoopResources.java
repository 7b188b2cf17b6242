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
 * {@link LoopResources} whose loops note what they do, and which are in everything else
 * as Reactor Netty's own: the names and kind of their threads, how many there are, which
 * transport they use, how clients share the loops of servers, and how they end.
 * <p>
 * Where an application makes {@code LoopResources} of its own, it can make these instead
 * and declare them as a bean, or hand them to
 * {@link io.github.eventloop.monitor.EventLoopMonitor#watch}. Thread-safe.
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
	 * Build resources, which are as {@link LoopResources#create(String)} makes them where
	 * nothing else is said.
	 * @param prefix what the names of the threads begin with
	 * @return a builder
	 */
	public static Builder builder(String prefix) {
		return new Builder(prefix);
	}

	/**
	 * Create resources as {@link LoopResources#create(String)} does.
	 * @param prefix what the names of the threads begin with
	 * @return the resources
	 */
	public static MonitoredLoopResources create(String prefix) {
		return builder(prefix).build();
	}

	/**
	 * Create resources as {@link LoopResources#create(String, int, boolean)} does.
	 * @param prefix what the names of the threads begin with
	 * @param workerCount the number of loops, 1 or more
	 * @param daemon whether their threads let the JVM end
	 * @return the resources
	 */
	public static MonitoredLoopResources create(String prefix, int workerCount, boolean daemon) {
		return create(prefix, -1, workerCount, daemon);
	}

	/**
	 * Create resources as {@link LoopResources#create(String, int, int, boolean)} does.
	 * @param prefix what the names of the threads begin with
	 * @param selectCount the number of loops that only accept connections, or -1 to let
	 * the others accept them
	 * @param workerCount the number of other loops, 1 or more
	 * @param daemon whether their threads let the JVM end
	 * @return the resources
	 */
	public static MonitoredLoopResources create(String prefix, int selectCount, int workerCount, boolean daemon) {
		return create(prefix, selectCount, workerCount, daemon, true);
	}

	/**
	 * Create resources as
	 * {@link LoopResources#create(String, int, int, boolean, boolean)} does.
	 * @param prefix what the names of the threads begin with
	 * @param selectCount the number of loops that only accept connections, or -1 to let
	 * the others accept them
	 * @param workerCount the number of other loops, 1 or more
	 * @param daemon whether their threads let the JVM end
	 * @param colocate whether a client called on a loop stays on that loop
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
	 * Return which loop a new connection is given to.
	 * @return the placement
	 */
	public Placement placement() {
		return this.placement;
	}

	/**
	 * Return whether connections are accepted by loops that do nothing else.
	 * @return whether they are
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
			List<Mono<Void>> ends = new ArrayList<>();
			this.nativeGroups.shutDown(quietPeriod, timeout, ends);
			this.nioGroups.shutDown(quietPeriod, timeout, ends);
			return Mono.when(ends)
				.timeout(timeout, Mono.error(() -> new IllegalStateException(
						"LoopResources couldn't be disposed within " + timeout.toMillis() + "ms")));
		});
	}

	@Override
	public boolean isDisposed() {
		return !this.running.get();
	}

	/**
	 * Return the loops in the order of their numbers. Those that have not started come
	 * last, and are numbered as their threads will be if they start in this order.
	 */
	@Override
	public List<MonitoredLoop> loops() {
		List<MonitoredEventLoop> loops = new ArrayList<>();
		// Apart: one that starts while they are being sorted would confuse the sort.
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
		// They mostly are, and this is called eleven times a second.
		if (!ordered) {
			loops.sort(Comparator.comparingLong(MonitoredEventLoop::number));
		}
		long number = this.threads.get();
		for (MonitoredEventLoop loop : notStarted) {
			if (loop.number() == MonitoredEventLoop.NO_NUMBER) {
				loop.expect(++number);
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
	 * Builds {@link MonitoredLoopResources}. Not thread-safe.
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
		 * Set how many loops only accept connections.
		 * @param selectCount the number, 1 or more, or -1 to let the others accept them
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
		 * Have connections accepted by a loop that does nothing else, unless there are
		 * such loops already.
		 * @return this builder
		 */
		public Builder dedicatedAcceptor() {
			return (this.selectCount == -1) ? selectCount(1) : this;
		}

		/**
		 * Set how many loops carry connections.
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
		 * Set whether the threads of the loops let the JVM end.
		 * @param daemon whether they do
		 * @return this builder
		 */
		public Builder daemon(boolean daemon) {
			this.daemon = daemon;
			return this;
		}

		/**
		 * Set whether a client called on a loop stays on that loop.
		 * @param colocate whether it does
		 * @return this builder
		 */
		public Builder colocate(boolean colocate) {
			this.colocate = colocate;
			return this;
		}

		/**
		 * Set which loop a new connection is given to.
		 * @param placement the placement
		 * @return this builder
		 */
		public Builder placement(Placement placement) {
			this.placement = placement;
			return this;
		}

		/**
		 * Have the loops serve a management port, and not count in the status of the
		 * application.
		 * @return this builder
		 */
		public Builder forManagement() {
			this.roles = Set.of(LoopRole.MANAGEMENT);
			return this;
		}

		/**
		 * Build the resources.
		 * @return the resources, which have no loops before they are used
		 */
		public MonitoredLoopResources build() {
			return new MonitoredLoopResources(this);
		}

	}

	/**
	 * The groups of one transport, made when they are first asked for. Thread-safe:
	 * guarded by itself.
	 */
	private final class Groups {

		/** Asked when it is needed: to see what is there loads native libraries. */
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

		/** Add the groups that have loops of their own. Called eleven times a second. */
		synchronized void addOwn(List<EventLoopGroup> groups) {
			if (this.server != null) {
				groups.add(this.server);
			}
			if (this.select != null) {
				groups.add(this.select);
			}
		}

		/**
		 * The clients' group comes first: it lets go of the loops it is colocated with.
		 */
		synchronized void shutDown(Duration quietPeriod, Duration timeout, List<Mono<Void>> ends) {
			Stream.of(this.client, this.select, this.server)
				.filter(Objects::nonNull)
				.map((group) -> group.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(),
						TimeUnit.MILLISECONDS))
				.map(Groups::toMono)
				.forEach(ends::add);
		}

		@SuppressWarnings({ "unchecked", "rawtypes" })
		private static Mono<Void> toMono(Future<?> future) {
			return FutureMono.from((Future) future);
		}

	}

}
