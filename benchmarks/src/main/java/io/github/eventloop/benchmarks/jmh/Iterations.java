package io.github.eventloop.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import io.github.eventloop.netty.Placement;
import io.github.eventloop.netty.internal.LoopOwner;
import io.github.eventloop.netty.internal.LoopPurpose;
import io.github.eventloop.netty.internal.LoopThread;
import io.github.eventloop.netty.internal.MonitoredEventLoopGroup;

/**
 * A loop whose iterations are measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and calls the setup
public abstract class Iterations {

	/** The implementation of the loop. */
	@Param
	public Loops loops;

	private EventLoopGroup group;

	EventLoopGroup start(IoHandlerFactory transport) {
		this.group = switch (this.loops) {
			case STOCK -> new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("stock", true), transport);
			case MONITORED ->
				new MonitoredEventLoopGroup(1, new LoopThread.Factory("monitored", true, new AtomicLong()), transport,
						Placement.ROUND_ROBIN, new LoopPurpose("monitored", "monitored", LoopOwner.APPLICATION));
		};
		return this.group;
	}

	@TearDown
	public void end() {
		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

	/**
	 * The implementations of event loops that are compared.
	 */
	public enum Loops {

		/** Netty's own. */
		STOCK,

		/** The library's. */
		MONITORED

	}

}
