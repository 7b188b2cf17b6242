package io.github.eventloop.stall;

import java.util.function.Consumer;

import io.github.eventloop.monitor.Announcer;

/**
 * Tells the log and the application of stalls.
 *
 * @since 0.1.0
 */
public final class StallAnnouncer implements StallListener, AutoCloseable {

	/** A listener that never returns must not keep lines from the log. */
	private static final String EVENTS_THREAD_NAME = "eventloop-stall-events";

	private static final int QUEUE_CAPACITY = 256;

	private final StallLog log;

	private final Consumer<EventLoopStallEvent> publisher;

	private final Announcer lines = Announcer.ofLog(QUEUE_CAPACITY);

	private final Announcer events = new Announcer(EVENTS_THREAD_NAME, QUEUE_CAPACITY);

	/**
	 * Create an announcer.
	 * @param settings how often to log
	 * @param publisher who to tell of the events
	 */
	public StallAnnouncer(StallSettings settings, Consumer<EventLoopStallEvent> publisher) {
		this.log = new StallLog(settings.logInterval(), LogSink.create());
		this.publisher = publisher;
	}

	@Override
	public void onStallInProgress(Stall stall) {
		announce(stall);
	}

	@Override
	public void onStallEnded(Stall stall) {
		announce(stall);
	}

	private void announce(Stall stall) {
		this.lines.announce(() -> this.log.log(stall));
		this.events.announce(() -> this.publisher.accept(new EventLoopStallEvent(stall)));
	}

	@Override
	public void close() {
		this.lines.finish();
		this.events.close();
	}

}
