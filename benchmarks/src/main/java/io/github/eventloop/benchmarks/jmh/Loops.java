package io.github.eventloop.benchmarks.jmh;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * The implementations of event loops that are compared.
 */
public enum Loops {

	/** Netty's own. */
	STOCK {

		@Override
		EventLoopGroup newGroup(IoHandlerFactory transport) {
			return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("stock", true), transport);
		}

	},

	/** The library's. */
	MONITORED {

		@Override
		EventLoopGroup newGroup(IoHandlerFactory transport) {
			return Internals.monitoredGroup(transport);
		}

	};

	/**
	 * Return a group of one loop.
	 */
	abstract EventLoopGroup newGroup(IoHandlerFactory transport);

}
