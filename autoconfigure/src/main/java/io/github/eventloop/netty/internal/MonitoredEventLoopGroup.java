package io.github.eventloop.netty.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultEventExecutorChooserFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorChooserFactory;
import io.netty.util.concurrent.ThreadPerTaskExecutor;

import io.github.eventloop.netty.Placement;

/**
 * Event loop group of {@link MonitoredEventLoop}s.
 */
public final class MonitoredEventLoopGroup extends MultiThreadIoEventLoopGroup {

	public MonitoredEventLoopGroup(int threads, ThreadFactory threadFactory, IoHandlerFactory ioHandlerFactory,
			Placement placement, LoopPurpose purpose) {
		// Netty's constructor with a ThreadFactory would treat the chooser factory as one
		// of the trailing arguments, so an Executor is passed. The purpose is a trailing
		// argument because the loops are created before any field of this class is set.
		super(threads, new ThreadPerTaskExecutor(threadFactory), ioHandlerFactory, chooserFactory(placement), purpose);
		int number = 0;
		for (EventExecutor loop : this) {
			((MonitoredEventLoop) loop).setExpectedNumber(++number);
		}
	}

	private static EventExecutorChooserFactory chooserFactory(Placement placement) {
		return switch (placement) {
			case ROUND_ROBIN -> DefaultEventExecutorChooserFactory.INSTANCE;
			case LEAST_LAG -> LeastLagChooser::new;
		};
	}

	@Override
	protected IoEventLoop newChild(Executor executor, IoHandlerFactory ioHandlerFactory, Object... args) {
		MonitoredEventLoop loop = new MonitoredEventLoop(this, executor, ioHandlerFactory, (LoopPurpose) args[0]);
		LiveLoops.add(loop);
		return loop;
	}

}
