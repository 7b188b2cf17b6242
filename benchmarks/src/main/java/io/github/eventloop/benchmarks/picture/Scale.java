package io.github.eventloop.benchmarks.picture;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis that maps values to positions from 0 (its start) to 1 (its end). Values outside
 * of it are clamped.
 *
 * @param from value at its start
 * @param to value at its end
 * @param logarithmic whether equal ratios, instead of equal differences, are equally long
 */
record Scale(double from, double to, boolean logarithmic) {

	/**
	 * A linear axis from 0 to a round value.
	 * @param max the largest value to show
	 */
	static Scale linear(double max) {
		double step = step(0, (max > 0) ? max : 1);
		return new Scale(0, Math.ceil(((max > 0) ? max : 1) / step - 1e-9) * step, false);
	}

	/**
	 * A logarithmic axis from a power of ten to a power of ten.
	 * @param min the smallest value to show
	 * @param max the largest value to show
	 */
	static Scale logarithmic(double min, double max) {
		double from = Math.floor(Math.log10(min) + 1e-9);
		double to = Math.max(from + 1, Math.ceil(Math.log10(max) - 1e-9));
		return new Scale(Math.pow(10, from), Math.pow(10, to), true);
	}

	double position(double value) {
		double position = this.logarithmic
				? Math.log(Math.max(value, this.from) / this.from) / Math.log(this.to / this.from)
				: (value - this.from) / (this.to - this.from);
		return Math.max(0, Math.min(1, position));
	}

	List<Double> ticks() {
		List<Double> ticks = new ArrayList<>();
		if (this.logarithmic) {
			for (double tick = this.from; tick <= this.to * 1.001; tick *= 10) {
				ticks.add(tick);
			}
			return ticks;
		}
		double step = step(this.from, this.to);
		for (long i = (long) Math.ceil(this.from / step - 1e-9); i * step <= this.to + step * 1e-9; i++) {
			ticks.add(i * step);
		}
		return ticks;
	}

	/**
	 * The smallest of 1, 2, 5, 10, ... that divides the axis into at most six parts.
	 */
	private static double step(double from, double to) {
		double step = Math.pow(10, Math.floor(Math.log10((to - from) / 6)));
		for (double factor : new double[] { 1, 2, 5 }) {
			if (step * factor * 6 >= to - from) {
				return step * factor;
			}
		}
		return step * 10;
	}

}
