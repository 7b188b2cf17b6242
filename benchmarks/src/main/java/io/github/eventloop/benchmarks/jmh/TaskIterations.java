package io.github.eventloop.benchmarks.jmh;

import java.util.concurrent.locks.LockSupport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * An iteration with one task, which schedules another iteration with one task.
 */
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and calls the setup
public class TaskIterations extends Iterations {

	private static final int ITERATIONS = 50_000;

	/**
	 * The transport. JMH orders parameters by name, {@code io} before {@code loops}, so
	 * that the loops that are compared run next to each other.
	 */
	@Param
	public Transport io;

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

	@Setup
	public void start() {
		IoHandlerFactory transport = switch (this.io) {
			case NONE -> new NoOpIoHandler().factory();
			case NIO -> NioIoHandler.newFactory();
			case EPOLL -> EpollIoHandler.newFactory();
		};
		this.loop = (SingleThreadEventLoop) start(transport).next();
	}

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
	 * Schedule the next task after those of this iteration, so that it runs in another
	 * one.
	 */
	private void next() {
		this.loop.execute(this.task);
	}

	/**
	 * The transport of a loop: none, that of the JDK, or Netty's native one on Linux.
	 */
	public enum Transport {

		NONE, NIO, EPOLL

	}

}
