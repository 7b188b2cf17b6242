package io.github.eventloop.stall.internal.detect;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.eventloop.monitor.internal.thread.Notifier;
import io.github.eventloop.stall.StallDetector;

/**
 * Isolation of failures: a failure for one loop, stall or listener is logged and does not
 * affect the others. Thread-safe.
 */
public final class FailureIsolation {

	private static final Log logger = LogFactory.getLog(StallDetector.class);

	/** Logs on another thread: the monitor thread must not wait for a blocked log. */
	private final Notifier background;

	public FailureIsolation(Notifier background) {
		this.background = background;
	}

	/**
	 * Run an action that samples or evaluates a stalled loop.
	 * @param action the action
	 */
	public void run(Runnable action) {
		run(action, "Failed to sample or evaluate a stalled event loop");
	}

	/**
	 * Run an action.
	 * @param action the action
	 * @param message the message to log if it throws
	 */
	public void run(Runnable action, String message) {
		try {
			action.run();
		}
		catch (Throwable ex) {
			this.background.announce(() -> logger.warn(message, ex));
		}
	}

}
