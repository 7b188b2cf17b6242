package io.github.eventloop.benchmarks.truth;

/**
 * One look at a loop, over the window that it had at that instant.
 *
 * @param truth what was true of the window
 * @param reported what was reported
 */
record Look(Figures truth, Figures reported) {

	private static final String BETWEEN = "/";

	String toLine() {
		return this.truth.toLine() + BETWEEN + this.reported.toLine();
	}

	static Look of(String line) {
		String[] halves = line.split(BETWEEN, -1);
		return new Look(Figures.of(halves[0]), Figures.of(halves[1]));
	}

}
