package io.github.eventloop.netty;

/**
 * Connection placement: how an event loop is chosen for a new connection. Selects the
 * event loop chooser in Netty's terms.
 *
 * @since 0.1.0
 */
public enum Placement {

	/** Round robin, the default of Netty. */
	ROUND_ROBIN,

	/**
	 * Round robin, but skipping event loops that lag more than the others: that are in a
	 * long iteration, or whose events have recently waited.
	 */
	LEAST_LAG

}
