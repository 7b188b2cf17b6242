package io.github.eventloop.monitor;

/**
 * What an event loop is doing at this instant.
 *
 * @since 0.1.0
 */
public enum LoopState {

	/** Its thread was not needed so far; it counts as idle. */
	NOT_STARTED,

	/** It waits for events. */
	IDLE,

	/** It handles events or runs tasks. */
	BUSY,

	/** It is in one iteration for longer than the stall threshold. */
	STALLED

}
