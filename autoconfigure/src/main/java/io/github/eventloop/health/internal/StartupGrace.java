package io.github.eventloop.health.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Start-up grace period, which begins with the first second in which a loop has started
 * and the application is ready.
 * <p>
 * Not thread-safe: used by one {@link HealthPolicy}.
 */
final class StartupGrace {

	private final Duration length;

	/** The start of the period. {@code null} before it. */
	private @Nullable Duration since;

	StartupGrace(Duration length) {
		this.length = length;
	}

	/**
	 * Start the period if the second allows it, or forget it if no loop runs any more.
	 * @param second the second, later than all previous ones
	 */
	void update(HealthInput second) {
		if (!second.started()) {
			this.since = null;
		}
		else if (this.since == null && second.ready()) {
			this.since = second.at();
		}
	}

	/** Return whether the period has started, regardless of whether it is over. */
	boolean hasStarted() {
		return this.since != null;
	}

	/** Return whether the instant is before the end of the period. */
	boolean includes(Duration instant) {
		return this.since == null || instant.minus(this.since).compareTo(this.length) < 0;
	}

	Duration length() {
		return this.length;
	}

	/** Return the time until the end of the period, all of it before its start. */
	Duration leftAt(Duration instant) {
		return (this.since != null) ? this.length.minus(instant.minus(this.since)) : this.length;
	}

}
