package io.github.eventloop.health;

/**
 * Status of the event loops of an application instance.
 *
 * @since 0.1.0
 */
public enum EventLoopStatus {

	/**
	 * During the start-up grace period, and before it: class loading and the JIT compiler
	 * make new loops lag, so lag does not count yet. Receives traffic.
	 */
	STARTING,

	/** No problem found. Receives traffic. */
	HEALTHY,

	/**
	 * Worth an alert, but still receives traffic. Also while an overloaded or stuck
	 * instance is about to leave service, or stays in it because leaving would harm, or
	 * because its requests are handled by other threads, as in a servlet application.
	 */
	DEGRADED,

	/**
	 * Out of service because events repeatedly waited too long. Should not receive new
	 * traffic.
	 */
	OVERLOADED,

	/**
	 * Out of service because a loop made no progress. Should not receive new traffic.
	 */
	STUCK;

	/**
	 * Return whether an instance with this status should receive traffic.
	 * @return {@code false} for {@link #OVERLOADED} and {@link #STUCK}
	 */
	public boolean isInService() {
		return this != OVERLOADED && this != STUCK;
	}

}
