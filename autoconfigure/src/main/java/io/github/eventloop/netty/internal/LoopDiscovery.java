package io.github.eventloop.netty.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.embedded.EmbeddedChannel;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Discovers event loop groups that were not created by this library, when a channel of
 * Netty's {@code Bootstrap} or {@code ServerBootstrap} is registered with one of their
 * loops. Netty finds this class by its {@code ServiceLoader} file, and uses it if the
 * system property {@value ChannelInitializerExtension#EXTENSIONS_SYSTEM_PROPERTY} says
 * so. Reactor Netty does not use these classes.
 * <p>
 * The state is static, because Netty creates the instances. Thread-safe.
 */
public final class LoopDiscovery extends ChannelInitializerExtension {

	private static final Log logger = LogFactory.getLog(LoopDiscovery.class);

	/**
	 * The discovered groups, with the prefixes of their threads' names. Weak, so that
	 * groups can be garbage collected. Guarded by itself.
	 */
	private static final Map<EventLoopGroup, String> GROUPS = new WeakHashMap<>();

	/** Copied on write: changed when contexts start and end, read by event loops. */
	private static final List<BiConsumer<String, EventLoopGroup>> LISTENERS = new CopyOnWriteArrayList<>();

	/**
	 * Notify a listener of the groups that have been discovered, and of all that will be.
	 * A group may be reported twice.
	 * @param listener receives the prefix of the names of the group's threads, and the
	 * group; may be called by event loops and must not block
	 */
	public static void addListener(BiConsumer<String, EventLoopGroup> listener) {
		LISTENERS.add(listener);
		Map<EventLoopGroup, String> known;
		synchronized (GROUPS) {
			known = new HashMap<>(GROUPS);
		}
		known.forEach((group, threads) -> {
			if (!group.isShuttingDown()) {
				listener.accept(threads, group);
			}
		});
	}

	/**
	 * Remove a listener.
	 * @param listener the listener
	 */
	public static void removeListener(BiConsumer<String, EventLoopGroup> listener) {
		LISTENERS.remove(listener);
	}

	@Override
	public void postInitializeClientChannel(Channel channel) {
		observe(channel);
	}

	@Override
	public void postInitializeServerListenerChannel(ServerChannel channel) {
		observe(channel);
	}

	@Override
	public void postInitializeServerChildChannel(Channel channel) {
		observe(channel);
	}

	/** The loop is not known before the channel is registered. */
	private static void observe(Channel channel) {
		if (channel instanceof EmbeddedChannel) {
			// Its loop has no thread of its own.
			return;
		}
		try {
			channel.pipeline().addLast(Observer.INSTANCE);
		}
		catch (Throwable ex) {
			logger.debug("The event loop of " + channel + " cannot be determined", ex);
		}
	}

	private static void discovered(EventLoop loop) {
		if (loop instanceof MonitoredLoop) {
			return;
		}
		EventLoopGroup parent = loop.parent();
		EventLoopGroup group = (parent != null) ? parent : loop;
		String threads;
		synchronized (GROUPS) {
			if (GROUPS.containsKey(group)) {
				return;
			}
			threads = prefix(Thread.currentThread().getName());
			GROUPS.put(group, threads);
		}
		LISTENERS.forEach((listener) -> listener.accept(threads, group));
	}

	/**
	 * Return the name of a thread without the numbers at its end: threads of one driver
	 * have many of them, and groups are a tag of meters.
	 */
	static String prefix(String name) {
		String prefix = name.replaceFirst("[-_#.]*\\d+([-_#.]+\\d+)*$", "");
		return prefix.isEmpty() ? name : prefix;
	}

	/**
	 * Channel handler that observes the loop that its channel is registered with, and
	 * removes itself before any other event of the channel.
	 */
	@ChannelHandler.Sharable
	private static final class Observer extends ChannelHandlerAdapter {

		private static final Observer INSTANCE = new Observer();

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			try {
				discovered(context.channel().eventLoop());
			}
			catch (Throwable ex) {
				// An exception would close the channel.
				logger.debug("The event loop of " + context.channel() + " cannot be determined", ex);
			}
			context.pipeline().remove(this);
		}

	}

}
