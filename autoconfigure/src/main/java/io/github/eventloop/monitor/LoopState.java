package io.github.eventloop.monitor;

/**
 * State of an event loop at one instant.
 *
 * @since 0.1.0
 */
public enum LoopState {

	/** The thread of the loop has not been started yet. Counts as idle. */
	NOT_STARTED,

	/** The loop waits for events. */
	IDLE,

	/** The loop handles events or runs tasks. */
	BUSY,

	/** The iteration in progress is longer than the stall threshold. */
	STALLED

}
