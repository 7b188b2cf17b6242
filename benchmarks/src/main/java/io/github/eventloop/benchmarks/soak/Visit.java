package io.github.eventloop.benchmarks.soak;

/**
 * A visit to an offender that was answered.
 *
 * @param offender the offender
 * @param startMillis when it was sent, in milliseconds since 1970
 * @param endMillis when it was answered
 */
record Visit(Offender offender, long startMillis, long endMillis) {

	/**
	 * Long enough to stall the loop, with a margin for everything else that takes time.
	 */
	private static final int MIN_STALLED_MILLIS = 150;

	private static final int BACKLOG_MILLIS = 50;

	boolean certainlyStalled() {
		return this.endMillis - this.startMillis >= MIN_STALLED_MILLIS;
	}

	/**
	 * Return whether a stall may be caused by the backlog of this visit.
	 * @param stall the stall
	 * @return whether it began shortly after the answer, or before the answer arrived
	 */
	boolean isFollowedBy(ReportedStall stall) {
		return stall.startMillis() >= this.startMillis && stall.startMillis() <= this.endMillis + BACKLOG_MILLIS;
	}

	/**
	 * Return whether a stall belongs to this visit.
	 * @param stall the stall
	 * @return whether it began during the visit
	 */
	boolean covers(ReportedStall stall) {
		return stall.startMillis() >= this.startMillis && stall.startMillis() <= this.endMillis;
	}

}
