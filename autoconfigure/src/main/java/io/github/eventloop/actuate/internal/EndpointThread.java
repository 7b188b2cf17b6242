package io.github.eventloop.actuate.internal;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.monitor.internal.thread.DaemonThread;

/**
 * The thread that responds to requests for the endpoint. It is not an event loop, so that
 * readers do not slow down the loops that they inspect, and not part of the
 * {@code boundedElastic} scheduler, so that the endpoint responds while that is
 * exhausted. A single thread limits the CPU time that all readers together can use. It
 * starts with the first request, and ends when it has been idle for a while.
 */
final class EndpointThread implements AutoCloseable {

	static final int MAX_WAITING = 4096;

	private static final long KEEP_ALIVE_SECONDS = 30;

	private final ThreadPoolExecutor executor;

	private final Scheduler scheduler;

	EndpointThread() {
		this.executor = new ThreadPoolExecutor(1, 1, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(MAX_WAITING), EndpointThread::newThread);
		this.executor.allowCoreThreadTimeOut(true);
		this.scheduler = Schedulers.fromExecutorService(this.executor, "eventloop-endpoint");
	}

	private static Thread newThread(Runnable task) {
		return DaemonThread.create(task, "eventloop-endpoint", EndpointThread.class.getClassLoader());
	}

	/**
	 * Create an answer on the thread.
	 * @param <T> the type of the answer
	 * @param answer creates the answer
	 * @return the answer, or a {@link java.util.concurrent.RejectedExecutionException} if
	 * too many requests are waiting, or if the thread has been closed
	 */
	<T> Mono<T> answer(Supplier<T> answer) {
		return Mono.fromSupplier(answer).subscribeOn(this.scheduler);
	}

	/** Reject requests from now on. */
	@Override
	public void close() {
		this.executor.shutdown();
	}

}
