package io.github.eventloop.drivers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.mongodb.MongoClientSettings;
import com.mongodb.connection.TransportSettings;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;

/**
 * Monitored event loops for MongoDB's reactive driver. Number, names and kind of the
 * threads and the transport are those of the group that Spring Boot creates for the
 * driver. Close it after the clients.
 * <p>
 * Thread-safe: guarded by itself.
 *
 * @since 0.1.0
 */
public final class MongoLoops implements AutoCloseable {

	/** Name of the driver, and of the group of its loops. */
	public static final String COMPONENT = "mongo";

	private static final int LONGEST_SHUTDOWN_SECONDS = 2;

	private final DriverLoops loops;

	private final List<EventLoopGroup> groups = new ArrayList<>();

	/**
	 * Create an instance without groups.
	 * @param loops creates the groups
	 */
	public MongoLoops(DriverLoops loops) {
		this.loops = loops;
	}

	/**
	 * Make clients with the given settings use monitored loops, unless the settings
	 * already specify a transport.
	 * @param settings the settings of the clients
	 * @return the settings with monitored loops, or the same settings if they specify a
	 * transport
	 */
	public synchronized MongoClientSettings configure(MongoClientSettings settings) {
		if (settings.getTransportSettings() != null) {
			return settings;
		}
		EventLoopGroup group = this.loops.newGroup(COMPONENT, 0,
				new DefaultThreadFactory(MultiThreadIoEventLoopGroup.class, Thread.MAX_PRIORITY),
				NioSocketChannel.class);
		this.groups.add(group);
		return MongoClientSettings.builder(settings)
			.transportSettings(TransportSettings.nettyBuilder().eventLoopGroup(group).build())
			.build();
	}

	/**
	 * Shut down the loops.
	 */
	@Override
	public synchronized void close() {
		List<Future<?>> shutdowns = new ArrayList<>();
		for (EventLoopGroup group : this.groups) {
			shutdowns.add(group.shutdownGracefully(0, LONGEST_SHUTDOWN_SECONDS, TimeUnit.SECONDS));
		}
		shutdowns.forEach((shutdown) -> shutdown.awaitUninterruptibly(LONGEST_SHUTDOWN_SECONDS, TimeUnit.SECONDS));
		this.groups.clear();
	}

}
