package io.github.eventloop.benchmarks.picture;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One chart of a {@link Picture}: lines over the common x axis. Not thread-safe.
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
	 * Create a panel.
	 * @param title the quantity and its unit
	 * @return a panel without lines
	 */
	public static Panel titled(String title) {
		return new Panel(title);
	}

	/**
	 * Use a logarithmic axis, for latencies that differ by orders of magnitude. Values
	 * that are not above 0 are left out.
	 * @return this panel
	 */
	public Panel logarithmic() {
		this.logarithmic = true;
		return this;
	}

	/**
	 * End the axis at a value, instead of at the largest one.
	 * @param max the value; larger values are drawn at the edge
	 * @return this panel
	 */
	public Panel max(double max) {
		this.max = max;
		return this;
	}

	/**
	 * Show two states instead of numbers: 0 and 1. Lines are drawn slightly below one
	 * another, so that equal ones can be distinguished.
	 * @param zero the name of state 0
	 * @param one the name of state 1
	 * @return this panel
	 */
	public Panel states(String zero, String one) {
		this.states = List.of(zero, one);
		return this;
	}

	/**
	 * Draw a line.
	 * @param name its name in the legend; lines of the same name have the same colour in
	 * all panels
	 * @param x the x values of its points, ascending
	 * @param y the y values; NaN leaves a gap
	 * @return this panel
	 */
	public Panel line(String name, double[] x, double[] y) {
		this.lines.add(new Line(name, x, y, false));
		return this;
	}

	/**
	 * Draw a line that keeps each value until the next point: for states.
	 * @param name its name in the legend; lines of the same name have the same colour in
	 * all panels
	 * @param x the x values of its points, ascending
	 * @param y the y values; NaN leaves a gap
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
	 * Return whether a value can be drawn in this panel.
	 */
	boolean shows(double value) {
		return Double.isFinite(value) && (!this.logarithmic || value > 0);
	}

	/**
	 * Return the position at which a value is drawn.
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
