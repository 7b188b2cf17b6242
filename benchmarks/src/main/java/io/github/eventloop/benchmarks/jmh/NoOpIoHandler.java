package io.github.eventloop.benchmarks.jmh;

import java.util.concurrent.locks.LockSupport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import org.jspecify.annotations.Nullable;

/**
 * A transport without I/O that calls its loop's context as Netty's transports do. While
 * iterations are left, a poll that may block returns immediately, as does a poll that
 * must not block, so that only the cost of the loop itself remains.
 */
final class NoOpIoHandler implements IoHandler {

	/**
	 * The event loop thread. Volatile: set once by that thread, read by threads that wake
	 * it up.
	 */
	private volatile @Nullable Thread thread;

	/** Volatile: set by the benchmark, reset by the event loop thread. */
	private volatile int requested;

	/** Volatile: set by the benchmark, read by the event loop thread. */
	private volatile @Nullable Thread waiter;

	/** Confined to the event loop thread. */
	private int remaining;

	IoHandlerFactory factory() {
		return (executor) -> this;
	}

	/** Let the loop run a number of iterations, and wait until it has. */
	void iterate(int iterations) {
		this.waiter = Thread.currentThread();
		this.requested = iterations;
		LockSupport.unpark(this.thread);
		while (this.requested > 0) {
			LockSupport.park(this);
		}
	}

	@Override
	public void initialize() {
		this.thread = Thread.currentThread();
	}

	@Override
	public int run(IoHandlerContext context) {
		if (context.canBlock()) {
			poll();
		}
		context.shouldReportActiveIoTime();
		return 0;
	}

	private void poll() {
		if (this.remaining > 0) {
			this.remaining--;
			if (this.remaining == 0) {
				this.requested = 0;
				LockSupport.unpark(this.waiter);
			}
			return;
		}
		if (this.requested == 0) {
			LockSupport.park(this);
		}
		this.remaining = this.requested;
	}

	@Override
	public void wakeup() {
		LockSupport.unpark(this.thread);
	}

	@Override
	public IoRegistration register(IoHandle handle) {
		throw new UnsupportedOperationException("This transport has no I/O");
	}

	@Override
	public boolean isCompatible(Class<? extends IoHandle> handleType) {
		return false;
	}

}
