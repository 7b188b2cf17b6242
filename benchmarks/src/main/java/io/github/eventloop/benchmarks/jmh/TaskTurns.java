package io.github.eventloop.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A turn with one task, which asks for another turn with one.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and calls the setup
public class TaskTurns {

	static final int TURNS = 50_000;

	/** Whose loop it is. */
	@Param
	public Loops loops;

	/**
	 * How it polls. JMH takes parameters in the order of their names: so those loops come
	 * next to each other that are compared.
	 */
	@Param
	public Transport io;

	private EventLoopGroup group;

	private SingleThreadEventLoop loop;

	/** Only the loop's thread uses it. */
	private int left;

	/** Volatile: set by the benchmark, and by the loop's thread when it is done. */
	private volatile @Nullable Thread waiter;

	private final Runnable task = this::run;

	private final Runnable next = this::next;

	/**
	 * Start the loop.
	 */
	@Setup
	public void start() {
		this.group = this.loops.newGroup(this.io.newFactory());
		this.loop = (SingleThreadEventLoop) this.group.next();
	}

	/**
	 * One turn.
	 */
	@Benchmark
	@OperationsPerInvocation(TURNS)
	public void turn() {
		this.waiter = Thread.currentThread();
		this.loop.execute(() -> {
			this.left = TURNS;
			run();
		});
		while (this.waiter != null) {
			LockSupport.park(this);
		}
	}

	private void run() {
		Thread waiting = this.waiter;
		if (--this.left > 0) {
			this.loop.executeAfterEventLoopIteration(this.next);
		}
		else {
			this.waiter = null;
			LockSupport.unpark(waiting);
		}
	}

	/** When the tasks of this turn have been run, so that it is run in another. */
	private void next() {
		this.loop.execute(this.task);
	}

	/**
	 * End the loop.
	 */
	@TearDown
	public void end() {
		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

	/**
	 * How a loop polls.
	 */
	public enum Transport {

		/** Does nothing. */
		NONE {

			@Override
			IoHandlerFactory newFactory() {
				return new Turnstile().factory();
			}

		},

		/** Netty's on the JDK. */
		NIO {

			@Override
			IoHandlerFactory newFactory() {
				return NioIoHandler.newFactory();
			}

		},

		/** Netty's on Linux. */
		EPOLL {

			@Override
			IoHandlerFactory newFactory() {
				return EpollIoHandler.newFactory();
			}

		};

		abstract IoHandlerFactory newFactory();

	}

}
