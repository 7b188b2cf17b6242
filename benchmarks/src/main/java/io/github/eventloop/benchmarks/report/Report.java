package io.github.eventloop.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The combined summaries of several benchmarks.
 */
final class Report {

	private static final Pattern HEADING = Pattern.compile("(?m)^#");

	private final Path runs;

	/**
	 * Create a report.
	 * @param runs the directory with the results of all benchmarks
	 */
	Report(Path runs) {
		this.runs = runs;
	}

	/**
	 * Create the page.
	 * @param introduction the introduction of the page
	 * @param names the benchmarks, in their order
	 * @return the page in Markdown
	 * @throws IllegalStateException if the results of a benchmark are missing, or are
	 * from another machine or other versions than the rest
	 */
	String of(String introduction, List<String> names) {
		List<String> missing = names.stream().filter((name) -> !Files.exists(summary(name))).toList();
		if (!missing.isEmpty()) {
			throw new IllegalStateException(
					"No results of %s: create them with 'benchmarks/run NAME'".formatted(String.join(", ", missing)));
		}
		String machine = read(machine(names.get(0)));
		List<String> elsewhere = names.stream().filter((name) -> !read(machine(name)).equals(machine)).toList();
		if (!elsewhere.isEmpty()) {
			throw new IllegalStateException("The results of %s are from another machine or other versions than "
				.formatted(String.join(", ", elsewhere)) + "those of " + names.get(0) + ": repeat them");
		}
		List<String> parts = new ArrayList<>(List.of(introduction.strip(), machine.strip()));
		parts.addAll(names.stream().map((name) -> section(name)).toList());
		return parts.stream().collect(Collectors.joining("\n\n")) + "\n";
	}

	private String section(String name) {
		String summary = HEADING.matcher(read(summary(name)).strip()).replaceAll("##");
		String provenance = read(this.runs.resolve(name).resolve("provenance.md")).strip();
		return summary + "\n\n" + provenance + " Repeat it with `benchmarks/run " + name + "`.";
	}

	private Path summary(String name) {
		return this.runs.resolve(name).resolve("summary.md");
	}

	private Path machine(String name) {
		return this.runs.resolve(name).resolve("machine.md");
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
