package io.github.eventloop.stall;

import java.util.function.Consumer;
import java.util.function.Predicate;

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

	/**
	 * Set by any thread, read by the one that writes the lines. Volatile: there is
	 * nothing else to order.
	 */
	private volatile Predicate<Stall> expected = (stall) -> false;

	private final Announcer lines = Announcer.ofLog(QUEUE_CAPACITY);

	private final Announcer events = new Announcer(EVENTS_THREAD_NAME, QUEUE_CAPACITY);

	/**
	 * Create an announcer.
	 * @param settings how often to log
	 * @param publisher who to tell of the events
	 */
	public StallAnnouncer(StallSettings settings, Consumer<EventLoopStallEvent> publisher) {
		this.log = new StallLog(settings.logInterval(), LogSink.create(), (stall) -> this.expected.test(stall));
		this.publisher = publisher;
	}

	/**
	 * Expect some stalls, such as those of a start, in addition to class loading: one of
	 * them is logged, at {@code INFO}, and no more.
	 * @param expected whether a stall is to be expected; called by the thread that writes
	 * the log
	 */
	public void expect(Predicate<Stall> expected) {
		this.expected = expected;
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
