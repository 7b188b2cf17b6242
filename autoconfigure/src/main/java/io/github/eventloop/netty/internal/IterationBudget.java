package io.github.eventloop.netty.internal;

import java.util.concurrent.TimeUnit;

/**
 * Limits the requests of one connection that start in one iteration of its event loop: by
 * their number, and by the age of the iteration, so that slow requests yield sooner. The
 * first request of an iteration is always allowed.
 * <p>
 * Used by the event loop thread only.
 */
final class IterationBudget {

	/** Highest number of requests of one connection in one iteration. */
	static final int MAX_REQUESTS = 16;

	/** Age of an iteration from which only the first request is allowed. */
	private static final long MAX_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private final MonitoredEventLoop loop;

	/** Start of the iteration that {@code started} belongs to. */
	private long iteration;

	private int started;

	IterationBudget(MonitoredEventLoop loop) {
		this.loop = loop;
	}

	/**
	 * Acquire a permit to start one request now, if one is left in this iteration.
	 * @return whether the request may start
	 */
	boolean tryAcquire() {
		long current = this.loop.recorder().iterationSince();
		if (this.started == 0 || current != this.iteration) {
			this.iteration = current;
			this.started = 1;
			return true;
		}
		if (this.started >= MAX_REQUESTS || System.nanoTime() - current >= MAX_AGE_NANOS) {
			return false;
		}
		this.started++;
		return true;
	}

	/**
	 * Run a task in the next iteration, after its I/O events. A task that is merely
	 * submitted would run in this iteration, before the events of other connections.
	 * @param task the task
	 */
	void runInNextIteration(Runnable task) {
		this.loop.executeAfterEventLoopIteration(() -> this.loop.execute(task));
	}

	/**
	 * Run a task soon, but not on the stack of the caller.
	 * @param task the task
	 */
	void runSoon(Runnable task) {
		this.loop.execute(task);
	}

}
