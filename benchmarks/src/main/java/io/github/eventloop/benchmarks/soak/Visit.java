package io.github.eventloop.benchmarks.soak;

/**
 * A visit to an offender that was answered.
 *
 * @param offender the offender
 * @param startMillis when it was sent, in milliseconds since 1970
 * @param endMillis when it was answered
 */
record Visit(Offender offender, long startMillis, long endMillis) {

	/** It took long enough to stall the loop, with room for all else that takes time. */
	private static final int SURELY_MILLIS = 150;

	private static final int SOON_MILLIS = 50;

	boolean surelyStalled() {
		return this.endMillis - this.startMillis >= SURELY_MILLIS;
	}

	/**
	 * Return whether a stall may be of what waited until this visit was over.
	 * @param stall the stall
	 * @return whether it began right after the answer, or before it was here
	 */
	boolean isFollowedBy(SeenStall stall) {
		return stall.startMillis() >= this.startMillis && stall.startMillis() <= this.endMillis + SOON_MILLIS;
	}

	/**
	 * Return whether a stall is of this visit.
	 * @param stall the stall
	 * @return whether it began meanwhile
	 */
	boolean covers(SeenStall stall) {
		return stall.startMillis() >= this.startMillis && stall.startMillis() <= this.endMillis;
	}

}
