package io.github.eventloop.health;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.ApplicationEventPublisher;

import io.github.eventloop.monitor.Announcer;

/**
 * Tells the log and the application of every change of status.
 */
final class StatusAnnouncer implements AutoCloseable {

	/** A listener that never returns must not keep lines from the log. */
	static final String EVENTS_THREAD_NAME = "eventloop-events";

	/**
	 * An application that goes in and out of service as often as it can does so for many
	 * minutes before a listener that never returns makes this queue lose an event.
	 */
	private static final int QUEUE_CAPACITY = 64;

	private static final Log logger = LogFactory.getLog(EventLoopHealth.class);

	private final ApplicationEventPublisher publisher;

	private final Announcer lines = Announcer.ofLog(QUEUE_CAPACITY);

	private final Announcer events = new Announcer(EVENTS_THREAD_NAME, QUEUE_CAPACITY);

	StatusAnnouncer(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	/** Returns at once. */
	void announce(EventLoopStatusChangedEvent event) {
		this.lines.announce(() -> log(event));
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
		this.lines.finish();
		this.events.close();
	}

}
