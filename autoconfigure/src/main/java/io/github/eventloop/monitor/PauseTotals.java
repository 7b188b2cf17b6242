package io.github.eventloop.monitor;

/**
 * Pauses of the whole process for garbage collection, by CPU throttling or by suspension.
 *
 * @param maxNanos the longest pause, in nanoseconds
 * @param totalNanos the sum of all pauses, in nanoseconds
 * @since 0.1.0
 */
public record PauseTotals(long maxNanos, long totalNanos) {

	/** No pause. */
	public static final PauseTotals NONE = new PauseTotals(0, 0);

	/**
	 * Return the totals of pauses.
	 * @param lengths the lengths of the pauses in nanoseconds
	 * @return the totals
	 */
	public static PauseTotals of(long[] lengths) {
		PauseTotals totals = NONE;
		for (long length : lengths) {
			totals = totals.plus(new PauseTotals(length, length));
		}
		return totals;
	}

	/**
	 * Return the totals of these and other pauses.
	 * @param other the totals of the others
	 * @return the totals of both
	 */
	public PauseTotals plus(PauseTotals other) {
		return new PauseTotals(Math.max(this.maxNanos, other.maxNanos), this.totalNanos + other.totalNanos);
	}

}
