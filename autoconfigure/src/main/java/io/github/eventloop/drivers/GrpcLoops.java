package io.github.eventloop.drivers;

import java.util.concurrent.TimeUnit;

import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.netty.internal.Transport;

/**
 * Monitored event loops for gRPC on Netty. Number, names and kind of the threads and the
 * transport are those of gRPC's own groups: one loop accepts connections, and all servers
 * and clients share the others. Close it after the servers and clients, because gRPC does
 * not shut down groups that it was given.
 * <p>
 * Not for {@code grpc-netty-shaded}, which contains a Netty of its own, nor for Unix
 * domain sockets, whose channels need a class of their own.
 * <p>
 * Thread-safe: guarded by itself.
 *
 * @since 0.1.0
 */
public final class GrpcLoops implements AutoCloseable {

	/** Name of the component, and of the group of its loops. */
	public static final String COMPONENT = "grpc";

	private static final int LONGEST_SHUTDOWN_SECONDS = 2;

	private final DriverLoops loops;

	private @Nullable EventLoopGroup boss;

	private @Nullable EventLoopGroup worker;

	/**
	 * Create an instance without groups.
	 * @param loops creates the groups
	 */
	public GrpcLoops(DriverLoops loops) {
		this.loops = loops;
	}

	/**
	 * Make a server use monitored loops.
	 * @param builder the builder of the server
	 */
	public void configure(NettyServerBuilder builder) {
		EventLoopGroup acceptors = boss();
		EventLoopGroup servers = worker();
		// gRPC rejects a builder that has only some of the three.
		builder.bossEventLoopGroup(acceptors).workerEventLoopGroup(servers).channelType(serverChannelType());
	}

	/**
	 * Make a client use monitored loops.
	 * @param builder the builder of the client's channel
	 */
	public void configure(NettyChannelBuilder builder) {
		EventLoopGroup clients = worker();
		builder.eventLoopGroup(clients).channelType(channelType());
	}

	private synchronized EventLoopGroup boss() {
		EventLoopGroup group = this.boss;
		if (group == null || group.isShuttingDown()) {
			group = newGroup(1, "boss");
			this.boss = group;
		}
		return group;
	}

	private synchronized EventLoopGroup worker() {
		EventLoopGroup group = this.worker;
		if (group == null || group.isShuttingDown()) {
			group = newGroup(workers(), "worker");
			this.worker = group;
		}
		return group;
	}

	private EventLoopGroup newGroup(int size, String kind) {
		String threads = "grpc-" + (Transport.EPOLL.isAvailable() ? "default-" : "nio-") + kind + "-ELG";
		return this.loops.newGroup(COMPONENT, size, new DefaultThreadFactory(threads, true), channelType());
	}

	/** Return one loop for each CPU, as gRPC does, unless Netty's property is set. */
	private static int workers() {
		return (System.getProperty("io.netty.eventLoopThreads") == null) ? NettyRuntime.availableProcessors() : 0;
	}

	/** Return the class that gRPC uses: it prefers epoll, but never io_uring. */
	private static Class<? extends Channel> channelType() {
		return Transport.EPOLL.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
	}

	private static Class<? extends ServerChannel> serverChannelType() {
		return Transport.EPOLL.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
	}

	/**
	 * Shut down the loops.
	 */
	@Override
	public synchronized void close() {
		shutDown(this.boss);
		shutDown(this.worker);
		this.boss = null;
		this.worker = null;
	}

	private static void shutDown(@Nullable EventLoopGroup group) {
		if (group != null) {
			group.shutdownGracefully(0, LONGEST_SHUTDOWN_SECONDS, TimeUnit.SECONDS)
				.awaitUninterruptibly(LONGEST_SHUTDOWN_SECONDS, TimeUnit.SECONDS);
		}
	}

}
