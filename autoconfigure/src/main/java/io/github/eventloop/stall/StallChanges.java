package io.github.eventloop.stall;

import java.util.List;

/**
 * Changes of the stalls since a previous request of a reader. Immutable.
 *
 * @param position the position to pass with the next request
 * @param complete whether these are all stalls, and replace those that the reader has:
 * those were cleared, or belong to another process
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
	 * Return whether there are no changes.
	 * @return whether the reader is up to date
	 */
	public boolean isEmpty() {
		return !this.complete && this.stalls.isEmpty();
	}

}
