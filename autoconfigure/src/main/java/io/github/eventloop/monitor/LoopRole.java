package io.github.eventloop.monitor;

/**
 * What kinds of channels an event loop has carried so far.
 *
 * @since 0.1.0
 */
public enum LoopRole {

	/** A channel that accepts connections. */
	ACCEPTOR,

	/** Connections that were accepted. */
	SERVER,

	/** Connections to others. */
	CLIENT

}
