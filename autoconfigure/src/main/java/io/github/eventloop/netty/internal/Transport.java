package io.github.eventloop.netty.internal;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import org.jspecify.annotations.Nullable;

/**
 * Transports of Netty, in Reactor Netty's order of preference. The classes of a native
 * transport may be missing: they are not used before {@link #unavailability} has found
 * them.
 */
public enum Transport {

	IO_URING("io_uring") {

		@Override
		Class<?> load() throws ClassNotFoundException {
			return Class.forName("io.netty.channel.uring.IoUring");
		}

		@Override
		@Nullable Throwable unsupported() {
			return IoUring.unavailabilityCause();
		}

		@Override
		public IoHandlerFactory newHandlerFactory() {
			return IoUringIoHandler.newFactory();
		}

	},

	EPOLL("epoll") {

		@Override
		Class<?> load() throws ClassNotFoundException {
			return Class.forName("io.netty.channel.epoll.Epoll");
		}

		@Override
		@Nullable Throwable unsupported() {
			return Epoll.unavailabilityCause();
		}

		@Override
		public IoHandlerFactory newHandlerFactory() {
			return EpollIoHandler.newFactory();
		}

	},

	KQUEUE("kqueue") {

		@Override
		Class<?> load() throws ClassNotFoundException {
			return Class.forName("io.netty.channel.kqueue.KQueue");
		}

		@Override
		@Nullable Throwable unsupported() {
			return KQueue.unavailabilityCause();
		}

		@Override
		public IoHandlerFactory newHandlerFactory() {
			return KQueueIoHandler.newFactory();
		}

	},

	NIO("nio") {

		@Override
		Class<?> load() throws ClassNotFoundException {
			return Class.forName("io.netty.channel.nio.NioIoHandler");
		}

		@Override
		@Nullable Throwable unsupported() {
			return null;
		}

		@Override
		public IoHandlerFactory newHandlerFactory() {
			return NioIoHandler.newFactory();
		}

	};

	/** The transport that Reactor Netty prefers on this machine. */
	public static final Transport PREFERRED = preferred();

	private final String label;

	Transport(String label) {
		this.label = label;
	}

	/**
	 * Return the part of a thread's name that denotes the transport.
	 * @return the label
	 */
	String label() {
		return this.label;
	}

	public boolean isAvailable() {
		return unavailability() == null;
	}

	/**
	 * Return why the transport is not available.
	 * @return the cause, or {@code null} if it is available
	 */
	public @Nullable Throwable unavailability() {
		try {
			load();
		}
		catch (ClassNotFoundException ex) {
			return ex;
		}
		return unsupported();
	}

	/** Load a class by a literal name, which a native image build can detect. */
	abstract Class<?> load() throws ClassNotFoundException;

	abstract @Nullable Throwable unsupported();

	/**
	 * Create a factory of the handlers of event loops.
	 * @return a new factory
	 */
	public abstract IoHandlerFactory newHandlerFactory();

	/**
	 * Return the transport of a class of channels. Event loops of another transport
	 * cannot register such channels.
	 * @param channelType the class of the channels, one of Netty's
	 * @return the transport
	 */
	public static Transport of(Class<? extends Channel> channelType) {
		String name = channelType.getName();
		if (name.startsWith("io.netty.channel.epoll.")) {
			return EPOLL;
		}
		if (name.startsWith("io.netty.channel.kqueue.")) {
			return KQUEUE;
		}
		return name.startsWith("io.netty.channel.uring.") ? IO_URING : NIO;
	}

	private static Transport preferred() {
		for (Transport transport : values()) {
			if (transport.isAvailable()) {
				return transport;
			}
		}
		return NIO;
	}

}
