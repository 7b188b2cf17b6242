package io.github.eventloop.stall.internal.log;

import java.util.function.Consumer;
import java.util.function.Predicate;

import io.github.eventloop.monitor.internal.thread.LogThread;
import io.github.eventloop.monitor.internal.thread.Notifier;
import io.github.eventloop.stall.EventLoopStallEvent;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallListener;
import io.github.eventloop.stall.StallSettings;

/**
 * {@link StallListener} that writes stalls to the log and publishes them as application
 * events.
 */
public final class StallNotifier implements StallListener, AutoCloseable {

	/** A thread other than that of the log: a blocked listener must not block the log. */
	private static final String EVENTS_THREAD_NAME = "eventloop-stall-events";

	private static final int QUEUE_CAPACITY = 256;

	private final StallLog log;

	private final Consumer<EventLoopStallEvent> publisher;

	/**
	 * Set by any thread, read by the thread that writes the log. Volatile is sufficient,
	 * because nothing else is published with it.
	 */
	private volatile Predicate<Stall> expected = (stall) -> false;

	private final Notifier events = new Notifier(EVENTS_THREAD_NAME, QUEUE_CAPACITY);

	/**
	 * Create a notifier.
	 * @param settings how often to log
	 * @param publisher publishes the events
	 */
	public StallNotifier(StallSettings settings, Consumer<EventLoopStallEvent> publisher) {
		this.log = new StallLog(settings.logInterval(), LogSink.create(), (stall) -> this.expected.test(stall));
		this.publisher = publisher;
	}

	/**
	 * Set which stalls are expected in addition to those of class loading, such as stalls
	 * of the start. Only one of the expected stalls is logged, at {@code INFO}.
	 * @param expected whether a stall is expected; called by the thread that writes the
	 * log
	 */
	public void expect(Predicate<Stall> expected) {
		this.expected = expected;
	}

	@Override
	public void onStallInProgress(Stall stall) {
		publish(stall);
	}

	@Override
	public void onStallEnded(Stall stall) {
		publish(stall);
	}

	private void publish(Stall stall) {
		LogThread.write(() -> this.log.log(stall));
		this.events.announce(() -> this.publisher.accept(new EventLoopStallEvent(stall)));
	}

	@Override
	public void close() {
		LogThread.flush();
		this.events.close();
	}

}
