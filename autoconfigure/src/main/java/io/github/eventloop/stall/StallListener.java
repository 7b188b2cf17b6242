package io.github.eventloop.stall;

/**
 * Told of stalls by a {@link StallWatch}, one call at a time, by the thread that watches
 * the loops: an implementation must return at once. What it throws harms nothing.
 *
 * @since 0.1.0
 */
public interface StallListener {

	/**
	 * A stall has lasted for 10, 100, 1,000 … times the threshold.
	 * @param stall the stall as it is now
	 */
	default void onStallInProgress(Stall stall) {
	}

	/**
	 * A stall has ended, some hundred milliseconds ago, and all evidence is in.
	 * @param stall the stall
	 */
	default void onStallEnded(Stall stall) {
	}

}
