package io.github.eventloop.benchmarks.picture;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.eventloop.benchmarks.picture.Picture.Band;

/**
 * The layout of a picture, in pixels.
 */
final class Svg {

	/**
	 * A palette for all types of colour vision: Okabe and Ito, "Color Universal Design",
	 * 2008.
	 */
	private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
			"#56b4e9", "#000000");

	private static final int WIDTH = 880;

	private static final int LEFT = 80;

	private static final int RIGHT = WIDTH - 160;

	private static final int TOP = 46;

	private static final int PLOT = 120;

	/** A plot and the title above it. */
	private static final int PANEL = PLOT + 34;

	private final StringBuilder out = new StringBuilder();

	private final int bottom;

	private final Scale x;

	Svg(String title, int panels, Scale x) {
		this.bottom = TOP + panels * PANEL;
		this.x = x;
		int height = this.bottom + 40;
		add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
				+ "font-family=\"sans-serif\" font-size=\"12\">", WIDTH, height, WIDTH, height);
		add("<title>%s</title>", escape(title));
		// An explicit background, because the page around it may be dark.
		add("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
		text(LEFT, 24, "font-size=\"15\" font-weight=\"bold\"", title);
	}

	static String colour(int number) {
		return COLOURS.get(number % COLOURS.size());
	}

	void panel(int number, Panel panel, List<Band> bands, Map<String, String> colours) {
		int top = TOP + number * PANEL + 24;
		Scale y = panel.scale();
		text(LEFT, top - 7, "font-weight=\"bold\" fill=\"#333333\"", panel.title());
		for (Band band : bands) {
			double left = x(band.from());
			add("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#f3e3c3\" opacity=\"0.6\"/>", left, top,
					x(band.to()) - left, PLOT);
			if (number == 0) {
				text((left + x(band.to())) / 2, TOP + 2, "text-anchor=\"middle\" fill=\"#7a5c1e\"", band.name());
			}
		}
		for (double tick : panel.ticks(y)) {
			String state = panel.state(tick);
			double at = top + PLOT * (1 - y.position(tick));
			add("<path d=\"M%d %.1fH%d\" stroke=\"#dddddd\"/>", LEFT, at, RIGHT);
			text(LEFT - 6, at + 4, "text-anchor=\"end\" fill=\"#555555\"", (state != null) ? state : number(tick));
		}
		for (double tick : this.x.ticks()) {
			add("<path d=\"M%.1f %dv4\" stroke=\"#888888\"/>", x(tick), top + PLOT);
		}
		add("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#888888\"/>", LEFT, top,
				RIGHT - LEFT, PLOT);
		panel.lines().forEach((line) -> line(line, panel, y, top, colours.getOrDefault(line.name(), "#000000")));
		legend(panel, top, colours);
	}

	private void line(Line line, Panel panel, Scale y, int top, String colour) {
		StringBuilder path = new StringBuilder();
		boolean drawing = false;
		for (int i = 0; i < line.length(); i++) {
			double value = line.y(i);
			if (!panel.shows(value)) {
				drawing = false;
				continue;
			}
			String at = format("%.1f", x(line.x(i)));
			String height = format("%.1f", top + PLOT * (1 - y.position(panel.drawn(line, value))));
			if (!drawing) {
				// A point without neighbours is visible through its round cap.
				path.append("M").append(at).append(' ').append(height).append("h0");
			}
			else if (line.steps()) {
				path.append("H").append(at).append("V").append(height);
			}
			else {
				path.append("L").append(at).append(' ').append(height);
			}
			drawing = true;
		}
		add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.7\" stroke-linejoin=\"round\" "
				+ "stroke-linecap=\"round\"><title>%s</title></path>", path, colour, escape(line.name()));
	}

	private void legend(Panel panel, int top, Map<String, String> colours) {
		Set<String> names = panel.lines().stream().map(Line::name).collect(Collectors.toCollection(LinkedHashSet::new));
		int at = top + 10;
		for (String name : names) {
			add("<path d=\"M%d %dh18\" stroke=\"%s\" stroke-width=\"3\"/>", RIGHT + 10, at,
					colours.getOrDefault(name, "#000000"));
			text(RIGHT + 34, at + 4, "", name);
			at += 17;
		}
	}

	String end(String name) {
		for (double tick : this.x.ticks()) {
			text(x(tick), this.bottom + 6, "text-anchor=\"middle\" fill=\"#555555\"", number(tick));
		}
		text((LEFT + RIGHT) / 2.0, this.bottom + 26, "text-anchor=\"middle\" fill=\"#333333\"", name);
		add("</svg>");
		return this.out.toString();
	}

	private double x(double value) {
		return LEFT + (RIGHT - LEFT) * this.x.position(value);
	}

	private void text(double x, double y, String attributes, String text) {
		add("<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>", x, y, attributes, escape(text));
	}

	private void add(String format, Object... arguments) {
		this.out.append(format(format, arguments)).append('\n');
	}

	private static String format(String format, Object... arguments) {
		return String.format(Locale.ROOT, format, arguments);
	}

	private static String number(double value) {
		if (value == Math.rint(value)) {
			return format("%,d", (long) value).replace(',', ' ');
		}
		return Double.toString(Math.round(value * 1e6) / 1e6);
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}

}
