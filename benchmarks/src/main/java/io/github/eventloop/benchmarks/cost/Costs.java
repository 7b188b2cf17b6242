package io.github.eventloop.benchmarks.cost;

import java.util.Map;
import java.util.Objects;

/**
 * The cost of a request on each side, with all of them loaded at the same time.
 *
 * @param nanos CPU time of the side's loop per request, in nanoseconds
 */
record Costs(Map<Side, Double> nanos) {

	/**
	 * Return the cost without the library.
	 * @return the mean of both sides without it
	 */
	double stock() {
		return (of(Side.STOCK) + of(Side.STOCK_TOO)) / 2;
	}

	/**
	 * Compare a side with the cost without the library.
	 * @param side the side
	 * @return the ratio, 1 if equal
	 */
	double ratio(Side side) {
		return of(side) / stock();
	}

	private double of(Side side) {
		return Objects.requireNonNull(this.nanos.get(side));
	}

}
