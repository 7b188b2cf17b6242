package io.github.eventloop.health;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Tells the log and the application of every change of status. It has a thread of its
 * own, because a log that is written to a full pipe and a listener that calls a pager
 * both take their time: neither an event loop nor the thread that watches the loops may
 * wait for them. The thread exists only while there is something to tell.
 */
final class StatusAnnouncer implements AutoCloseable {

	static final String THREAD_NAME = "eventloop-events";

	/**
	 * An application that goes in and out of service as often as it can does so for many
	 * minutes before a listener that never returns makes this queue lose an event.
	 */
	private static final int QUEUE_CAPACITY = 64;

	private static final Log logger = LogFactory.getLog(EventLoopHealth.class);

	private final ApplicationEventPublisher publisher;

	private final ThreadPoolExecutor executor;

	StatusAnnouncer(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
		// Listeners may look for the application's classes, and the thread that watches
		// the loops has no idea of them.
		ClassLoader loader = Thread.currentThread().getContextClassLoader();
		// What does not fit pushes out the oldest: the last word matters most.
		this.executor = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE_CAPACITY),
				(task) -> newThread(task, loader), new ThreadPoolExecutor.DiscardOldestPolicy());
		this.executor.allowCoreThreadTimeOut(true);
	}

	private static Thread newThread(Runnable task, @Nullable ClassLoader loader) {
		Thread thread = new Thread(task, THREAD_NAME);
		thread.setDaemon(true);
		thread.setContextClassLoader(loader);
		return thread;
	}

	/** Returns at once. */
	void announce(EventLoopStatusChangedEvent event) {
		this.executor.execute(() -> {
			log(event);
			publish(event);
		});
	}

	private void log(EventLoopStatusChangedEvent event) {
		if (event.from().isInService() && !event.to().isInService()) {
			logger.warn("Out of service: event loops are " + event.to() + ", " + event.reason());
		}
		else if (!event.from().isInService() && event.to().isInService()) {
			logger.info("Back in service: event loops are " + event.to() + ", " + event.reason());
		}
	}

	private void publish(EventLoopStatusChangedEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			logger.warn("A listener failed to take note of " + event, ex);
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
