package io.github.eventloop.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * Panels one below the other, over a common x axis, as an SVG of a few kilobytes: text
 * remains text, and the same numbers produce the same file. (JFreeChart, with libraries
 * that implement {@code Graphics2D} for SVG, needs ten times the space, and fonts of the
 * machine.) Not thread-safe.
 */
final class Picture {

	/** For all types of colour vision: Okabe and Ito, "Color Universal Design", 2008. */
	private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
			"#56b4e9", "#000000");

	private static final int WIDTH = 880;

	private static final int LEFT = 80;

	private static final int RIGHT = WIDTH - 160;

	private static final int TOP = 46;

	private static final int PLOT = 120;

	/** A plot and the title above it. */
	private static final int PANEL = PLOT + 34;

	private final String title;

	private final List<Panel> panels;

	private final List<Band> bands = new ArrayList<>();

	/** Create a picture over seconds. */
	Picture(String title, Panel... panels) {
		this.title = title;
		this.panels = List.of(panels);
	}

	/** Shade a range of the x axis in all panels. */
	Picture band(double from, double to, String name) {
		this.bands.add(new Band(from, to, name));
		return this;
	}

	/**
	 * The data: one row for each point of a line, because not all have the same points.
	 */
	List<String> csv() {
		List<String> rows = new ArrayList<>(List.of("panel,line,second,value"));
		for (Panel panel : this.panels) {
			for (Line line : panel.lines) {
				for (Point point : line.points) {
					rows.add(Run.format("\"%s\",\"%s\",%.3f,%s", panel.title, line.name, point.x,
							Double.isNaN(point.y) ? "" : Run.format("%.3f", point.y)));
				}
			}
		}
		return rows;
	}

	String svg() {
		Axis x = new Axis(0, 1, false);
		Map<String, String> colours = new LinkedHashMap<>();
		List<Line> lines = this.panels.stream().flatMap((panel) -> panel.lines.stream()).toList();
		double[] all = lines.stream().flatMap((line) -> line.points.stream()).mapToDouble(Point::x).sorted().toArray();
		if (all.length > 0) {
			x = new Axis(all[0], Math.max(all[all.length - 1], all[0] + 1e-9), false);
		}
		for (Line line : lines) {
			colours.computeIfAbsent(line.name, (name) -> COLOURS.get(colours.size() % COLOURS.size()));
		}
		int bottom = TOP + this.panels.size() * PANEL;
		Svg svg = new Svg(bottom + 40);
		svg.add("<title>%s</title>", Svg.escape(this.title));
		// An explicit background, because the page around it may be dark.
		svg.add("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
		svg.text(LEFT, 24, "font-size=\"15\" font-weight=\"bold\"", this.title);
		for (Band band : this.bands) {
			svg.text((x.at(band.from) + x.at(band.to)) / 2, TOP + 2, "text-anchor=\"middle\" fill=\"#7a5c1e\"",
					band.name);
		}
		for (int i = 0; i < this.panels.size(); i++) {
			draw(svg, this.panels.get(i), TOP + i * PANEL + 24, x, colours);
		}
		for (double tick : x.ticks()) {
			svg.text(x.at(tick), bottom + 6, "text-anchor=\"middle\" fill=\"#555555\"", Svg.number(tick));
		}
		svg.text((LEFT + RIGHT) / 2.0, bottom + 26, "text-anchor=\"middle\" fill=\"#333333\"", "seconds");
		return svg.add("</svg>").toString();
	}

	private void draw(Svg svg, Panel panel, int top, Axis x, Map<String, String> colours) {
		Axis y = panel.axis();
		svg.text(LEFT, top - 7, "font-weight=\"bold\" fill=\"#333333\"", panel.title);
		for (Band band : this.bands) {
			svg.add("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#f3e3c3\" opacity=\"0.6\"/>",
					x.at(band.from), top, x.at(band.to) - x.at(band.from), PLOT);
		}
		for (double tick : (panel.states != null) ? new double[] { 0, 1 } : y.ticks()) {
			double at = top + PLOT * (1 - y.position(tick));
			svg.add("<path d=\"M%d %.1fH%d\" stroke=\"#dddddd\"/>", LEFT, at, RIGHT);
			svg.text(LEFT - 6, at + 4, "text-anchor=\"end\" fill=\"#555555\"",
					(panel.states != null) ? panel.states.get((int) tick) : Svg.number(tick));
		}
		for (double tick : x.ticks()) {
			svg.add("<path d=\"M%.1f %dv4\" stroke=\"#888888\"/>", x.at(tick), top + PLOT);
		}
		svg.add("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#888888\"/>", LEFT, top,
				RIGHT - LEFT, PLOT);
		for (int i = 0; i < panel.lines.size(); i++) {
			Line line = panel.lines.get(i);
			String colour = colours.getOrDefault(line.name, "");
			svg.add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.7\" stroke-linejoin=\"round\" "
					+ "stroke-linecap=\"round\"><title>%s</title></path>", path(panel, i, top, x, y), colour,
					Svg.escape(line.name));
			svg.add("<path d=\"M%d %dh18\" stroke=\"%s\" stroke-width=\"3\"/>", RIGHT + 10, top + 10 + 17 * i, colour);
			svg.text(RIGHT + 34, top + 14 + 17 * i, "", line.name);
		}
	}

	private static String path(Panel panel, int number, int top, Axis x, Axis y) {
		// Equal lines of states are drawn apart.
		double below = (panel.states != null) ? 0.06 * number : 0;
		StringBuilder path = new StringBuilder();
		boolean drawing = false;
		for (Point point : panel.lines.get(number).points) {
			boolean shown = panel.shows(point.y);
			if (shown) {
				// A point without neighbours is visible through its round cap.
				String format = drawing ? ((panel.states != null) ? "H%.1fV%.1f" : "L%.1f %.1f") : "M%.1f %.1fh0";
				path.append(Run.format(format, x.at(point.x), top + PLOT * (1 - y.position(point.y - below))));
			}
			drawing = shown;
		}
		return path.toString();
	}

	/**
	 * One chart: lines over the common x axis. Lines of the same name have the same
	 * colour in all panels. Not thread-safe.
	 */
	static final class Panel {

		private final String title;

		private final boolean logarithmic;

		private final @Nullable Double max;

		private final @Nullable List<String> states;

		private final List<Line> lines = new ArrayList<>();

		private Panel(String title, boolean logarithmic, @Nullable Double max, @Nullable List<String> states) {
			this.title = title;
			this.logarithmic = logarithmic;
			this.max = max;
			this.states = states;
		}

		/** A panel whose title is the quantity and its unit. */
		static Panel of(String title) {
			return new Panel(title, false, null, null);
		}

		/** A panel whose axis ends at a value, at which larger ones are drawn. */
		static Panel upTo(double max, String title) {
			return new Panel(title, false, max, null);
		}

		/** For latencies that differ by orders of magnitude. */
		static Panel logarithmic(String title) {
			return new Panel(title, true, null, null);
		}

		/**
		 * A panel with the names of the states 0 and 1, each of which holds until the
		 * next point.
		 */
		static Panel states(String title, String zero, String one) {
			return new Panel(title, false, null, List.of(zero, one));
		}

		/** Add a line through points with ascending x values; NaN leaves a gap. */
		Panel line(String name, double[] x, double[] y) {
			if (x.length != y.length) {
				throw new IllegalArgumentException("'%s' must have as many values as points, but has %d and %d"
					.formatted(name, y.length, x.length));
			}
			this.lines
				.add(new Line(name, IntStream.range(0, x.length).mapToObj((i) -> new Point(x[i], y[i])).toList()));
			return this;
		}

		/** Add a line with a point for each second. */
		Panel line(String name, double[] values) {
			return line(name, IntStream.range(0, values.length).asDoubleStream().toArray(), values);
		}

		private boolean shows(double value) {
			return Double.isFinite(value) && (!this.logarithmic || value > 0);
		}

		private Axis axis() {
			if (this.states != null) {
				return new Axis(-0.3, 1.2, false);
			}
			double[] values = this.lines.stream()
				.flatMap((line) -> line.points.stream())
				.mapToDouble(Point::y)
				.filter(this::shows)
				.sorted()
				.toArray();
			double last = (values.length > 0) ? values[values.length - 1] : 1;
			if (this.logarithmic) {
				return Axis.logarithmic((values.length > 0) ? values[0] : 1, last);
			}
			return (this.max != null) ? new Axis(0, this.max, false) : Axis.linear(last);
		}

	}

	private record Line(String name, List<Point> points) {
	}

	private record Point(double x, double y) {
	}

	private record Band(double from, double to, String name) {
	}

	/**
	 * An axis that maps values to positions from 0 (its start) to 1 (its end). Values
	 * outside of it are clamped.
	 */
	record Axis(double from, double to, boolean logarithmic) {

		/** From 0 to a round value. */
		static Axis linear(double max) {
			double step = step((max > 0) ? max : 1);
			return new Axis(0, Math.ceil(((max > 0) ? max : 1) / step - 1e-9) * step, false);
		}

		/** From a power of ten to a power of ten. */
		static Axis logarithmic(double min, double max) {
			double from = Math.floor(Math.log10(min) + 1e-9);
			double to = Math.max(from + 1, Math.ceil(Math.log10(max) - 1e-9));
			return new Axis(Math.pow(10, from), Math.pow(10, to), true);
		}

		private double position(double value) {
			double position = this.logarithmic
					? Math.log(Math.max(value, this.from) / this.from) / Math.log(this.to / this.from)
					: (value - this.from) / (this.to - this.from);
			return Math.max(0, Math.min(1, position));
		}

		/** The position on the x axis, in pixels. */
		private double at(double value) {
			return LEFT + (RIGHT - LEFT) * position(value);
		}

		double[] ticks() {
			if (this.logarithmic) {
				return DoubleStream.iterate(this.from, (tick) -> tick <= this.to * 1.001, (tick) -> tick * 10)
					.toArray();
			}
			double step = step(this.to - this.from);
			long first = (long) Math.ceil(this.from / step - 1e-9);
			return IntStream.rangeClosed(0, (int) Math.floor(this.to / step + 1e-9 - first))
				.mapToDouble((i) -> (first + i) * step)
				.toArray();
		}

		/**
		 * The smallest of 1, 2, 5, 10, ... that divides a length into at most six parts.
		 */
		private static double step(double length) {
			double power = Math.pow(10, Math.floor(Math.log10(length / 6)));
			return DoubleStream.of(1, 2, 5, 10)
				.map((factor) -> power * factor)
				.filter((step) -> step * 6 >= length)
				.findFirst()
				.orElse(power * 10);
		}

	}

	private static final class Svg {

		private final StringBuilder out = new StringBuilder();

		private Svg(int height) {
			add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
					+ "font-family=\"sans-serif\" font-size=\"12\">", WIDTH, height, WIDTH, height);
		}

		private void text(double x, double y, String attributes, String text) {
			add("<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>", x, y, attributes, escape(text));
		}

		private Svg add(String format, Object... values) {
			this.out.append(Run.format(format, values)).append('\n');
			return this;
		}

		private static String number(double value) {
			return (value == Math.rint(value)) ? Run.format("%,d", (long) value).replace(',', ' ')
					: Double.toString(Math.round(value * 1e6) / 1e6);
		}

		private static String escape(String text) {
			return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
		}

		@Override
		public String toString() {
			return this.out.toString();
		}

	}

}
