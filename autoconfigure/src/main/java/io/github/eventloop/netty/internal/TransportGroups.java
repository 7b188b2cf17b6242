package io.github.eventloop.netty.internal;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.netty.MonitoredLoopResources;

/**
 * The event loop groups of {@link MonitoredLoopResources} for one transport, created on
 * first use. Thread-safe: guarded by itself.
 */
public final class TransportGroups {

	private final LoopResourcesSettings settings;

	/** Numbers the threads of the groups of all transports. */
	private final AtomicLong threads;

	/** Lazy, since detecting the transport loads native libraries. */
	private final Supplier<Transport> transport;

	private @Nullable EventLoopGroup server;

	private @Nullable EventLoopGroup select;

	private @Nullable EventLoopGroup client;

	/**
	 * Create an instance without groups.
	 * @param settings the settings of the resources
	 * @param threads the number of threads that all groups of the resources have started
	 * @param transport the transport, detected when the first group is created
	 */
	public TransportGroups(LoopResourcesSettings settings, AtomicLong threads, Supplier<Transport> transport) {
		this.settings = settings;
		this.threads = threads;
		this.transport = transport;
	}

	public synchronized EventLoopGroup server() {
		EventLoopGroup group = this.server;
		if (group == null) {
			group = newGroup(this.settings.workerCount(), "-");
			this.server = group;
		}
		return group;
	}

	public synchronized EventLoopGroup select() {
		if (!this.settings.hasDedicatedAcceptor()) {
			return server();
		}
		EventLoopGroup group = this.select;
		if (group == null) {
			group = newGroup(this.settings.selectCount(), "-select-");
			this.select = group;
		}
		return group;
	}

	public synchronized EventLoopGroup client() {
		EventLoopGroup group = this.client;
		if (group == null) {
			group = this.settings.colocate() ? LoopResources.colocate(server()) : server();
			this.client = group;
		}
		return group;
	}

	private EventLoopGroup newGroup(int size, String infix) {
		Transport transport = this.transport.get();
		String prefix = this.settings.prefix();
		String threadPrefix = prefix + infix + transport.label();
		return new MonitoredEventLoopGroup(size,
				new LoopThread.Factory(threadPrefix, this.settings.daemon(), this.threads),
				transport.newHandlerFactory(), this.settings.placement(),
				new LoopPurpose(prefix, threadPrefix, this.settings.owner()));
	}

	/**
	 * Add the groups that own their loops. Called eleven times per second.
	 * @param groups the list to add them to
	 */
	public synchronized void addOwn(List<EventLoopGroup> groups) {
		if (this.server != null) {
			groups.add(this.server);
		}
		if (this.select != null) {
			groups.add(this.select);
		}
	}

	/**
	 * Shut down the groups. The client group comes first, since it refers to the loops of
	 * the server group.
	 * @param quietPeriod the quiet period of the shutdown
	 * @param timeout the longest time to wait for the loops
	 * @param shutdowns the list to add the shutdown of each group to
	 */
	public synchronized void shutDown(Duration quietPeriod, Duration timeout, List<Mono<Void>> shutdowns) {
		Stream.of(this.client, this.select, this.server)
			.filter(Objects::nonNull)
			.map((group) -> group.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS))
			.map(TransportGroups::toMono)
			.forEach(shutdowns::add);
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private static Mono<Void> toMono(Future<?> future) {
		return FutureMono.from((Future) future);
	}

}
