package io.github.eventloop.benchmarks.picture;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One chart of a {@link Picture}: lines over its x axis. Not thread-safe.
 */
public final class Panel {

	private final String title;

	private final List<Line> lines = new ArrayList<>();

	private boolean logarithmic;

	private @Nullable Double max;

	private @Nullable List<String> states;

	private Panel(String title) {
		this.title = title;
	}

	/**
	 * Begin a panel.
	 * @param title what it shows, and in which unit
	 * @return a panel without lines
	 */
	public static Panel titled(String title) {
		return new Panel(title);
	}

	/**
	 * Show powers of ten at equal distances: for latencies that differ a hundredfold.
	 * Values that are not above 0 are left out.
	 * @return this panel
	 */
	public Panel logarithmic() {
		this.logarithmic = true;
		return this;
	}

	/**
	 * End the axis at a value, instead of at the largest one.
	 * @param max the value; what is above it is drawn at the edge
	 * @return this panel
	 */
	public Panel max(double max) {
		this.max = max;
		return this;
	}

	/**
	 * Show two states instead of numbers: 0 and 1. Lines are drawn a little below one
	 * another, so that those that agree can be told apart.
	 * @param zero what 0 means
	 * @param one what 1 means
	 * @return this panel
	 */
	public Panel states(String zero, String one) {
		this.states = List.of(zero, one);
		return this;
	}

	/**
	 * Draw a line.
	 * @param name what the legend calls it; lines of one name have one colour in all
	 * panels
	 * @param x where the points are, ascending
	 * @param y their values; NaN leaves a gap
	 * @return this panel
	 */
	public Panel line(String name, double[] x, double[] y) {
		this.lines.add(new Line(name, x, y, false));
		return this;
	}

	/**
	 * Draw a line that keeps each value until the next point: for states.
	 * @param name what the legend calls it; lines of one name have one colour in all
	 * panels
	 * @param x where the points are, ascending
	 * @param y their values; NaN leaves a gap
	 * @return this panel
	 */
	public Panel steps(String name, double[] x, double[] y) {
		this.lines.add(new Line(name, x, y, true));
		return this;
	}

	String title() {
		return this.title;
	}

	List<Double> ticks(Scale scale) {
		return (this.states != null) ? List.of(0.0, 1.0) : scale.ticks();
	}

	List<Line> lines() {
		return this.lines;
	}

	/**
	 * Return whether a value has a place in this panel.
	 */
	boolean shows(double value) {
		return Double.isFinite(value) && (!this.logarithmic || value > 0);
	}

	/**
	 * Return the value at which a value is drawn.
	 */
	double drawn(Line line, double value) {
		return (this.states != null) ? value - 0.06 * this.lines.indexOf(line) : value;
	}

	/**
	 * Return the name of a state.
	 */
	@Nullable String state(double value) {
		return (this.states != null) ? this.states.get((int) value) : null;
	}

	Scale scale() {
		if (this.states != null) {
			return new Scale(-0.3, 1.2, false);
		}
		double min = Double.MAX_VALUE;
		double max = 0;
		for (Line line : this.lines) {
			for (int i = 0; i < line.length(); i++) {
				double value = line.y(i);
				if (shows(value)) {
					min = Math.min(min, value);
					max = Math.max(max, value);
				}
			}
		}
		if (this.logarithmic) {
			return Scale.logarithmic(Math.min(min, (max > 0) ? max : 1), (this.max != null) ? this.max : max);
		}
		return (this.max != null) ? new Scale(0, this.max, false) : Scale.linear(max);
	}

}
