package io.github.eventloop.benchmarks.picture;

/**
 * One line of a panel.
 */
final class Line {

	private final String name;

	private final double[] x;

	private final double[] y;

	private final boolean steps;

	/**
	 * Create a line.
	 * @param name its name in the legend; lines of the same name have the same colour in
	 * all panels
	 * @param x the x values of its points, ascending
	 * @param y the y values; NaN leaves a gap
	 * @param steps whether a value holds until the next point, instead of being connected
	 * by a straight line
	 */
	Line(String name, double[] x, double[] y, boolean steps) {
		if (x.length != y.length) {
			throw new IllegalArgumentException(
					"'%s' must have as many values as points, but has %d and %d".formatted(name, y.length, x.length));
		}
		this.name = name;
		this.x = x;
		this.y = y;
		this.steps = steps;
	}

	String name() {
		return this.name;
	}

	int length() {
		return this.x.length;
	}

	double x(int point) {
		return this.x[point];
	}

	double y(int point) {
		return this.y[point];
	}

	boolean steps() {
		return this.steps;
	}

}
