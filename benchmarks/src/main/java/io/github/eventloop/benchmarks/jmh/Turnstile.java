package io.github.eventloop.benchmarks.jmh;

import java.util.concurrent.locks.LockSupport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import org.jspecify.annotations.Nullable;

/**
 * A transport without an operating system, that asks its loop what all of Netty's ask. A
 * poll that may wait returns at once while there are turns left, and one that may not as
 * ever, so that what is left is the loop itself.
 */
final class Turnstile implements IoHandler {

	/** The loop's thread. Volatile: set by it once, read by those who wake it up. */
	private volatile @Nullable Thread thread;

	/** Volatile: given by the benchmark, counted down by the loop's thread. */
	private volatile int given;

	private volatile @Nullable Thread waiter;

	/** Only the loop's thread uses it. */
	private int left;

	IoHandlerFactory factory() {
		return (executor) -> this;
	}

	/**
	 * Let the loop take turns, and wait until it has.
	 */
	void turn(int turns) {
		this.waiter = Thread.currentThread();
		this.given = turns;
		LockSupport.unpark(this.thread);
		while (this.given > 0) {
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
		if (this.left > 0) {
			this.left--;
			if (this.left == 0) {
				this.given = 0;
				LockSupport.unpark(this.waiter);
			}
			return;
		}
		if (this.given == 0) {
			LockSupport.park(this);
		}
		this.left = this.given;
	}

	@Override
	public void wakeup() {
		LockSupport.unpark(this.thread);
	}

	@Override
	public IoRegistration register(IoHandle handle) {
		throw new UnsupportedOperationException("There is nothing to be read from");
	}

	@Override
	public boolean isCompatible(Class<? extends IoHandle> handleType) {
		return false;
	}

}
