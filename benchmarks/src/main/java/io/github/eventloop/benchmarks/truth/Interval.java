package io.github.eventloop.benchmarks.truth;

/**
 * The time between two instants, as {@link System#nanoTime()} tells them.
 *
 * @param from the first
 * @param to the second
 */
record Interval(long from, long to) {

	long nanos() {
		return this.to - this.from;
	}

	boolean overlaps(Interval other) {
		return this.from < other.to && other.from < this.to;
	}

	/**
	 * Return the part of it within another, which has to overlap.
	 */
	Interval within(Interval other) {
		return new Interval(Math.max(this.from, other.from), Math.min(this.to, other.to));
	}

}
