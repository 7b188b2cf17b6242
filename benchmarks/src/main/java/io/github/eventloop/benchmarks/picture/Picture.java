package io.github.eventloop.benchmarks.picture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Panels one below the other, over a common x axis, as an SVG of a few kilobytes: text
 * remains text, and the same numbers produce the same file. (Libraries that draw on a
 * {@code Graphics2D} convert text to outlines, require installed fonts and need a hundred
 * times the space.) Not thread-safe.
 *
 * <pre class="code">
 * Picture.titled("One instance lags").x("seconds")
 * 	.band(30, 70, "b is made to lag")
 * 	.panel(Panel.titled("p99 of the client, ms").logarithmic().line("all", seconds, p99))
 * 	.panel(Panel.titled("in service").steps("a", seconds, a).steps("b", seconds, b))
 * 	.write(Path.of("one.svg"));
 * </pre>
 */
public final class Picture {

	private final String title;

	private final List<Panel> panels = new ArrayList<>();

	private final List<Band> bands = new ArrayList<>();

	private String x = "seconds";

	private Picture(String title) {
		this.title = title;
	}

	/**
	 * Create a picture.
	 * @param title its title
	 * @return a picture without panels
	 */
	public static Picture titled(String title) {
		return new Picture(title);
	}

	/**
	 * Set the name of the x axis, {@code seconds} by default.
	 * @param name the quantity and its unit
	 * @return this picture
	 */
	public Picture x(String name) {
		this.x = name;
		return this;
	}

	/**
	 * Shade a range of the x axis in all panels.
	 * @param from the start of the range
	 * @param to its end
	 * @param name the description of the range
	 * @return this picture
	 */
	public Picture band(double from, double to, String name) {
		this.bands.add(new Band(from, to, name));
		return this;
	}

	/**
	 * Add a panel below the others.
	 * @param panel the panel
	 * @return this picture
	 */
	public Picture panel(Panel panel) {
		this.panels.add(panel);
		return this;
	}

	/**
	 * Write it to a file.
	 * @param file the file, whose name should end with {@code .svg}
	 */
	public void write(Path file) {
		try {
			Files.writeString(file, svg());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String svg() {
		List<Line> lines = this.panels.stream()
			.flatMap((panel) -> panel.lines().stream())
			.filter((line) -> line.length() > 0)
			.toList();
		double from = lines.stream().mapToDouble((line) -> line.x(0)).min().orElse(0);
		double to = lines.stream().mapToDouble((line) -> line.x(line.length() - 1)).max().orElse(1);
		Map<String, String> colours = new LinkedHashMap<>();
		lines.forEach((line) -> colours.computeIfAbsent(line.name(), (name) -> Svg.colour(colours.size())));
		Svg svg = new Svg(this.title, this.panels.size(), new Scale(from, Math.max(to, from + 1e-9), false));
		for (int i = 0; i < this.panels.size(); i++) {
			svg.panel(i, this.panels.get(i), this.bands, colours);
		}
		return svg.end(this.x);
	}

	/**
	 * A shaded range of the x axis.
	 *
	 * @param from its start
	 * @param to its end
	 * @param name its description
	 */
	record Band(double from, double to, String name) {

	}

}
