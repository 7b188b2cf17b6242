package io.github.eventloop.stall;

/**
 * Listener for stalls found by a {@link StallDetector}. Called by the monitor thread, one
 * call at a time: an implementation must return immediately. Exceptions are logged and do
 * not affect monitoring.
 *
 * @since 0.1.0
 */
public interface StallListener {

	/**
	 * Called when a stall has lasted for 10, 100, 1,000 … times the threshold.
	 * @param stall a snapshot of the stall
	 */
	default void onStallInProgress(Stall stall) {
	}

	/**
	 * Called when a stall has ended and all of its measurements are complete, some
	 * hundred milliseconds after its end.
	 * @param stall the stall
	 */
	default void onStallEnded(Stall stall) {
	}

}
