package io.github.eventloop.benchmarks.picture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Columns of numbers of equal length: the data of a chart. Values have up to three
 * decimals; NaN is an empty field. Not thread-safe.
 */
public final class Csv {

	private final Map<String, double[]> columns = new LinkedHashMap<>();

	/**
	 * Add a column.
	 * @param name its name
	 * @param values its values
	 * @return this CSV
	 */
	public Csv column(String name, double[] values) {
		this.columns.values()
			.stream()
			.findFirst()
			.filter((first) -> first.length != values.length)
			.ifPresent((first) -> {
				throw new IllegalArgumentException(
						"Column '%s' must have %d values, but has %d".formatted(name, first.length, values.length));
			});
		this.columns.put(name, values);
		return this;
	}

	/**
	 * Write the columns to a file.
	 * @param file the file
	 */
	public void write(Path file) {
		try {
			Files.write(file, lines());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	List<String> lines() {
		List<String> lines = new ArrayList<>();
		lines.add(this.columns.keySet().stream().map(Csv::quoted).collect(Collectors.joining(",")));
		int rows = this.columns.values().stream().mapToInt((values) -> values.length).findFirst().orElse(0);
		for (int row = 0; row < rows; row++) {
			List<String> fields = new ArrayList<>();
			for (double[] values : this.columns.values()) {
				fields.add(field(values[row]));
			}
			lines.add(String.join(",", fields));
		}
		return lines;
	}

	private static String quoted(String name) {
		return name.contains(",") ? '"' + name + '"' : name;
	}

	private static String field(double value) {
		if (Double.isNaN(value)) {
			return "";
		}
		return (value == Math.rint(value)) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.3f", value);
	}

}
