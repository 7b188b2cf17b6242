package io.github.eventloop.actuate;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.monitor.DaemonThread;

/**
 * The thread that answers the requests for the endpoint. It is not an event loop, so that
 * readers do not slow down the loops that they look at, and not of the
 * {@code boundedElastic} scheduler, so that the endpoint answers while that is exhausted.
 * One thread bounds the CPU that all readers together can take. It starts with the first
 * request, and ends when there has been none for a while.
 */
final class EndpointThread implements AutoCloseable {

	private static final int MAX_WAITING = 4096;

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
	 * Answer on the thread.
	 * @param <T> the type of the answer
	 * @param answer makes the answer
	 * @return the answer, or a {@link java.util.concurrent.RejectedExecutionException} if
	 * too many requests are waiting, or if the thread was closed
	 */
	<T> Mono<T> answer(Supplier<T> answer) {
		return Mono.fromSupplier(answer).subscribeOn(this.scheduler);
	}

	/** Rejects requests from now on. */
	@Override
	public void close() {
		this.executor.shutdown();
	}

}
