package io.github.eventloop.monitor;

/**
 * Role of an event loop, by the kinds of channels that have been registered with it.
 *
 * @since 0.1.0
 */
public enum LoopRole {

	/** The loop accepts connections. */
	ACCEPTOR,

	/** The loop serves accepted connections. */
	SERVER,

	/** The loop serves outgoing connections. */
	CLIENT,

	/**
	 * The loop serves a separate management port. It does not count in the lag, the
	 * utilization and the status of the application.
	 */
	MANAGEMENT,

	/**
	 * The loop belongs to a driver or another component with loops of its own, such as
	 * Lettuce or gRPC. Unless configured otherwise, it does not count in the lag, the
	 * utilization and the status of the application.
	 */
	DRIVER

}
