package io.github.eventloop.netty;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.NonBlocking;

import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.MonitoredThread;

/**
 * A thread as Reactor Netty makes them: Netty's fast thread-locals work on it, and
 * Reactor refuses {@code block()}.
 */
final class LoopThread extends FastThreadLocalThread implements NonBlocking, MonitoredThread {

	/** Set before the loop does anything. Only this thread uses it. */
	private @Nullable MonitoredLoop loop;

	private final long number;

	private LoopThread(Runnable target, String prefix, long number) {
		super(target, prefix + "-" + number);
		this.number = number;
	}

	/**
	 * Return the number that the thread's name ends with.
	 * @return the number, from 1
	 */
	long number() {
		return this.number;
	}

	/**
	 * Note which loop this thread runs.
	 * @param loop the loop
	 */
	void runs(MonitoredLoop loop) {
		this.loop = loop;
	}

	@Override
	public MonitoredLoop loop() {
		if (this.loop == null) {
			throw new IllegalStateException("The thread does not run a loop yet");
		}
		return this.loop;
	}

	/**
	 * Makes the threads of one group, numbered in the order in which they are started.
	 *
	 * @param prefix what their names begin with
	 * @param daemon whether they let the JVM end
	 * @param counter counts the threads of all groups of one {@code LoopResources}
	 */
	record Factory(String prefix, boolean daemon, AtomicLong counter) implements ThreadFactory {

		@Override
		public Thread newThread(Runnable target) {
			Thread thread = new LoopThread(target, this.prefix, this.counter.incrementAndGet());
			thread.setDaemon(this.daemon);
			return thread;
		}

	}

}
