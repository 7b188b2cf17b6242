package io.github.eventloop.benchmarks.truth;

/**
 * The time between two instants, in terms of {@link System#nanoTime()}.
 *
 * @param from the start
 * @param to the end
 */
record Interval(long from, long to) {

	long nanos() {
		return this.to - this.from;
	}

	boolean overlaps(Interval other) {
		return this.from < other.to && other.from < this.to;
	}

	/**
	 * Return the part of this interval within another one, which has to overlap.
	 */
	Interval within(Interval other) {
		return new Interval(Math.max(this.from, other.from), Math.min(this.to, other.to));
	}

}
