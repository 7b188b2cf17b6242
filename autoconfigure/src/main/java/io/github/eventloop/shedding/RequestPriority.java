package io.github.eventloop.shedding;

/**
 * How much it matters that a request is answered, lowest first.
 *
 * @since 0.1.0
 */
public enum RequestPriority {

	/** Nobody waits for it, or it will come again: refused first. */
	LOW,

	/** Every request that nothing else is known of. */
	NORMAL,

	/** Refused last. */
	HIGH

}
