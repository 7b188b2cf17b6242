package io.github.eventloop.monitor.internal.thread;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Log of the failures of one part of the library, which continues without what failed. It
 * writes each message at most once a minute, because a listener that fails may do so
 * hundreds of times a second. Messages name what failed, so that one failure does not
 * hide another.
 * <p>
 * Thread-safe. Methods never throw, not even if there is no memory, and never wait for
 * the log.
 */
public final class FailureLog {

	private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final Log logger;

	private final LongSupplier clock;

	/** By message, which are few. Guarded by this object. */
	private final Map<String, Failures> failures = new HashMap<>();

	/**
	 * Create a log without failures.
	 * @param logger the logger to write to
	 */
	public FailureLog(Log logger) {
		this(logger, System::nanoTime);
	}

	FailureLog(Log logger, LongSupplier clock) {
		this.logger = logger;
		this.clock = clock;
	}

	/**
	 * Run an action, and record its failure.
	 * @param action the action
	 * @param message what happened if it fails, and what the consequence is
	 */
	public void run(Runnable action, String message) {
		try {
			action.run();
		}
		catch (Throwable ex) {
			failed(message, ex);
		}
	}

	/**
	 * Record a failure.
	 * @param message what happened, and what the consequence is
	 * @param failure the exception or error
	 */
	public void failed(String message, Throwable failure) {
		failed(message, failure, 1);
	}

	/**
	 * Record failures.
	 * @param message what happened, and what the consequence is
	 * @param failure the exception or error of the last of them, if there was one
	 * @param count the number of failures
	 */
	public synchronized void failed(String message, @Nullable Throwable failure, long count) {
		try {
			long now = this.clock.getAsLong();
			Failures same = this.failures.computeIfAbsent(message, (key) -> new Failures(now - INTERVAL_NANOS));
			same.count += count;
			long number = same.count;
			if (now - same.lastLogged >= INTERVAL_NANOS && LogThread.write(() -> this.logger
				.warn(message + " (failure " + number + " so far, logged at most once a minute)", failure))) {
				same.lastLogged = now;
			}
		}
		catch (Throwable ex) {
			// There is no memory. The next failure is logged instead.
		}
	}

	/**
	 * The failures with one message.
	 */
	private static final class Failures {

		private long count;

		private long lastLogged;

		Failures(long lastLogged) {
			this.lastLogged = lastLogged;
		}

	}

}
