package io.github.eventloop.benchmarks.truth;

/**
 * The true and the reported figures of a loop, over the window of one snapshot.
 *
 * @param truth the true figures
 * @param reported the reported figures
 */
record Comparison(Figures truth, Figures reported) {

	private static final String BETWEEN = "/";

	String toLine() {
		return this.truth.toLine() + BETWEEN + this.reported.toLine();
	}

	static Comparison of(String line) {
		String[] halves = line.split(BETWEEN, -1);
		return new Comparison(Figures.of(halves[0]), Figures.of(halves[1]));
	}

}
