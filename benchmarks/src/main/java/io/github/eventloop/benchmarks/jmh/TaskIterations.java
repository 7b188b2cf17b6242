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
 * An iteration with one task, which schedules another iteration with one task.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and calls the setup
public class TaskIterations {

	static final int ITERATIONS = 50_000;

	/** The implementation of the loop. */
	@Param
	public Loops loops;

	/**
	 * The transport. JMH orders parameters by name, {@code io} before {@code loops}, so
	 * that the loops that are compared run next to each other.
	 */
	@Param
	public Transport io;

	private EventLoopGroup group;

	private SingleThreadEventLoop loop;

	/** Confined to the event loop thread. */
	private int remaining;

	/**
	 * Volatile: set by the benchmark, and cleared by the event loop thread when it is
	 * done.
	 */
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
	 * Run one iteration.
	 */
	@Benchmark
	@OperationsPerInvocation(ITERATIONS)
	public void iteration() {
		this.waiter = Thread.currentThread();
		this.loop.execute(() -> {
			this.remaining = ITERATIONS;
			run();
		});
		while (this.waiter != null) {
			LockSupport.park(this);
		}
	}

	private void run() {
		Thread waiting = this.waiter;
		if (--this.remaining > 0) {
			this.loop.executeAfterEventLoopIteration(this.next);
		}
		else {
			this.waiter = null;
			LockSupport.unpark(waiting);
		}
	}

	/**
	 * Schedule the next task. Called after the tasks of an iteration have run, so that it
	 * runs in another iteration.
	 */
	private void next() {
		this.loop.execute(this.task);
	}

	/**
	 * Stop the loop.
	 */
	@TearDown
	public void end() {
		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

	/**
	 * The transport of a loop.
	 */
	public enum Transport {

		/** One that does nothing. */
		NONE {

			@Override
			IoHandlerFactory newFactory() {
				return new NoOpIoHandler().factory();
			}

		},

		/** Netty's transport on the JDK. */
		NIO {

			@Override
			IoHandlerFactory newFactory() {
				return NioIoHandler.newFactory();
			}

		},

		/** Netty's native transport on Linux. */
		EPOLL {

			@Override
			IoHandlerFactory newFactory() {
				return EpollIoHandler.newFactory();
			}

		};

		abstract IoHandlerFactory newFactory();

	}

}
