package io.github.eventloop.netty.internal;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.NonBlocking;

import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;

/**
 * Event loop thread of the same kind as those of Reactor Netty: it supports Netty's fast
 * thread-locals, and Reactor rejects {@code block()} on it.
 */
public final class LoopThread extends FastThreadLocalThread implements NonBlocking, MonitoredThread {

	/** Set before the loop runs. Used by this thread only. */
	private @Nullable MonitoredEventLoop loop;

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
	 * Set the loop that this thread runs.
	 * @param loop the loop
	 */
	void setLoop(MonitoredEventLoop loop) {
		this.loop = loop;
	}

	@Override
	public MonitoredLoop loop() {
		return currentLoop();
	}

	@Override
	public LoopRecorder recorder() {
		return currentLoop().recorder();
	}

	private MonitoredEventLoop currentLoop() {
		if (this.loop == null) {
			throw new IllegalStateException("The thread does not run a loop yet");
		}
		return this.loop;
	}

	/**
	 * Factory of the threads of one group, which are numbered in the order of their
	 * start.
	 *
	 * @param prefix the prefix of their names
	 * @param daemon whether they are daemon threads
	 * @param counter the number of threads in all groups of one {@code LoopResources}
	 */
	public record Factory(String prefix, boolean daemon, AtomicLong counter) implements ThreadFactory {

		@Override
		public Thread newThread(Runnable target) {
			Thread thread = new LoopThread(target, this.prefix, this.counter.incrementAndGet());
			thread.setDaemon(this.daemon);
			return thread;
		}

	}

}
