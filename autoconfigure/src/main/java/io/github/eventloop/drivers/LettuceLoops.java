package io.github.eventloop.drivers;

import java.util.concurrent.TimeUnit;

import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.Transports;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutorGroup;

import io.github.eventloop.netty.internal.Transport;

/**
 * Provider of the event loops of Lettuce, the Redis client, which are monitored. Number,
 * names and kind of the threads and the transport are those of
 * {@link DefaultEventLoopGroupProvider}, and a client releases its group when it is shut
 * down. Pass it to {@code ClientResources.builder().eventLoopGroupProvider(…)}, and close
 * it after the client: Lettuce shuts down only a provider that it has created itself.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class LettuceLoops extends DefaultEventLoopGroupProvider implements AutoCloseable {

	/** Name of the driver, and of the group of its loops. */
	public static final String COMPONENT = "lettuce";

	private static final int LONGEST_SHUTDOWN_SECONDS = 2;

	private final DriverLoops loops;

	/**
	 * Create a provider without groups.
	 * @param loops creates the groups
	 * @param threads the number of threads of a group, as
	 * {@code ClientResources.ioThreadPoolSize()}
	 */
	public LettuceLoops(DriverLoops loops, int threads) {
		super(threads);
		this.loops = loops;
	}

	@Override
	protected <T extends EventLoopGroup> EventExecutorGroup doCreateEventLoopGroup(Class<T> type, int threads,
			io.lettuce.core.resource.ThreadFactoryProvider threadFactories) {
		if (type != MultiThreadIoEventLoopGroup.class) {
			return super.doCreateEventLoopGroup(type, threads, threadFactories);
		}
		Class<? extends Channel> channelType = Transports.socketChannelClass();
		return this.loops.newGroup(COMPONENT, threads, threadFactories.getThreadFactory(poolName(channelType)),
				channelType);
	}

	/** Return the prefix that Lettuce gives to the names of the threads of its groups. */
	private static String poolName(Class<? extends Channel> channelType) {
		return switch (Transport.of(channelType)) {
			case IO_URING -> "lettuce-io_uringEventLoop";
			case EPOLL -> "lettuce-epollEventLoop";
			case KQUEUE -> "lettuce-kqueueEventLoop";
			case NIO -> "lettuce-nioEventLoop";
		};
	}

	/**
	 * Shut down the groups that no client has released.
	 */
	@Override
	public void close() {
		shutdown(0, LONGEST_SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(LONGEST_SHUTDOWN_SECONDS,
				TimeUnit.SECONDS);
	}

}
