package io.github.eventloop.monitor;

/**
 * What an event loop is for: the kinds of channels that it has carried so far.
 *
 * @since 0.1.0
 */
public enum LoopRole {

	/** A channel that accepts connections. */
	ACCEPTOR,

	/** Connections that were accepted. */
	SERVER,

	/** Connections to others. */
	CLIENT,

	/**
	 * What serves a management port of its own. Such a loop has no part in the lag, the
	 * utilization and the status of the application.
	 */
	MANAGEMENT

}
