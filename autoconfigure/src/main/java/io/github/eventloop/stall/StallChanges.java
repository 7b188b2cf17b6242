package io.github.eventloop.stall;

import java.util.List;

/**
 * What is new about stalls since a reader asked last. Immutable.
 *
 * @param position what to ask with next time
 * @param complete whether these are all stalls there are: those that the reader knows of
 * are forgotten, or of another process
 * @param stalls the stalls that have ended since, and all in progress; newest first
 * @since 0.1.0
 */
public record StallChanges(long position, boolean complete, List<Stall> stalls) {

	/**
	 * Create changes.
	 */
	public StallChanges {
		stalls = List.copyOf(stalls);
	}

	/**
	 * Return whether nothing is new.
	 * @return whether the reader knows all there is to know
	 */
	public boolean isEmpty() {
		return !this.complete && this.stalls.isEmpty();
	}

}
