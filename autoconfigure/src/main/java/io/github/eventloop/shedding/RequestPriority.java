package io.github.eventloop.shedding;

/**
 * Priority of a request, lowest first.
 *
 * @since 0.1.0
 */
public enum RequestPriority {

	/**
	 * No caller waits for the response, or the request is repeated anyway. Shed first.
	 */
	LOW,

	/** The priority of requests for which no other is known. */
	NORMAL,

	/** Shed last. */
	HIGH

}
