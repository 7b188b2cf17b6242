package io.github.eventloop.health.internal;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.ApplicationEventPublisher;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.EventLoopStatusChangedEvent;
import io.github.eventloop.monitor.internal.thread.LogThread;
import io.github.eventloop.monitor.internal.thread.Notifier;

/**
 * Notifier for changes of the status, which publishes all of them as application events
 * and logs when the instance has started, leaves service or returns to it.
 */
public final class StatusNotifier implements AutoCloseable {

	/** Not shared with the log, so that a blocked listener does not suppress lines. */
	public static final String EVENTS_THREAD_NAME = "eventloop-events";

	/**
	 * Large enough that a listener that never returns causes the first event to be lost
	 * only after many minutes, even if the status changes as often as it can.
	 */
	private static final int QUEUE_CAPACITY = 64;

	private static final Log logger = LogFactory.getLog(EventLoopHealth.class);

	private final ApplicationEventPublisher publisher;

	private final Notifier events = new Notifier(EVENTS_THREAD_NAME, QUEUE_CAPACITY);

	public StatusNotifier(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	/** Log and publish a change without blocking the caller. */
	public void statusChanged(EventLoopStatusChangedEvent event) {
		LogThread.write(() -> log(event));
		this.events.announce(() -> publish(event));
	}

	private void log(EventLoopStatusChangedEvent event) {
		if (event.from().isInService() && !event.to().isInService()) {
			logger.warn("Out of service: event loops are " + event.to() + ", " + event.reason());
		}
		else if (!event.from().isInService() && event.to().isInService()) {
			logger.info("Back in service: event loops are " + event.to() + ", " + event.reason());
		}
		else if (event.from() == EventLoopStatus.STARTING) {
			logger.info("No longer starting: event loops are " + event.to() + ", " + event.reason());
		}
	}

	/** Log that the instance stays in service although it is in trouble. */
	public void stayed(String reason) {
		LogThread.write(() -> logger.warn("Staying in service: " + reason));
	}

	private void publish(EventLoopStatusChangedEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			logger.warn("Listener threw an exception while handling " + event, ex);
		}
	}

	@Override
	public void close() {
		LogThread.flush();
		this.events.close();
	}

}
