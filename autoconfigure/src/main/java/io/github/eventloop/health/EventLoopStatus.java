package io.github.eventloop.health;

/**
 * How the event loops are judged.
 *
 * @since 0.1.0
 */
public enum EventLoopStatus {

	/**
	 * In the start-up grace, or before: class loading and the JIT compiler make young
	 * loops lag, so lag does not count yet. Takes traffic.
	 */
	STARTING,

	/** Nothing to worry about. */
	HEALTHY,

	/** Worth an alert, but still takes traffic. */
	DEGRADED,

	/** Events wait too long, again and again: no new traffic, please. */
	OVERLOADED,

	/** A loop makes no progress: no new traffic, please. */
	STUCK;

	/**
	 * Return whether an application of this status is to take traffic.
	 * @return {@code false} for {@link #OVERLOADED} and {@link #STUCK}
	 */
	public boolean isInService() {
		return this != OVERLOADED && this != STUCK;
	}

}
