package io.github.eventloop.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Page of the documentation, read from the root of the project.
 *
 * @param path its path
 * @param lines its lines
 */
record Page(Path path, List<String> lines) {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

	static Page of(String name) {
		Path path = ROOT.resolve(name);
		try {
			return new Page(path, Files.readAllLines(path));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Return all pages for users. */
	static Stream<Page> all() throws IOException {
		try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
			List<String> names = pages.map((page) -> ROOT.relativize(page).toString()).sorted().toList();
			return Stream
				.concat(Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "CODE_OF_CONDUCT.md"),
						names.stream().filter((name) -> name.endsWith(".md")))
				.map(Page::of);
		}
	}

	/** Return all tables whose first column has this name. */
	List<Table> tables(String firstColumn) {
		List<Table> tables = new ArrayList<>();
		String heading = "";
		for (int i = 0; i < this.lines.size(); i++) {
			String line = this.lines.get(i);
			if (line.startsWith("#")) {
				heading = line.replaceFirst("#+ ", "");
			}
			if (line.startsWith("| " + firstColumn + " |")) {
				List<String> rows = this.lines.subList(i + 2, this.lines.size())
					.stream()
					.takeWhile((row) -> row.startsWith("|"))
					.toList();
				tables.add(new Table(heading, rows.stream().map((row) -> row(cells(line), cells(row))).toList()));
			}
		}
		return tables;
	}

	private static Map<String, String> row(List<String> columns, List<String> cells) {
		Map<String, String> row = new LinkedHashMap<>();
		for (int i = 0; i < columns.size(); i++) {
			row.put(columns.get(i), cells.get(i));
		}
		return row;
	}

	private static List<String> cells(String line) {
		return Arrays.stream(line.substring(1).split("(?<!\\\\)\\|")).map(String::strip).toList();
	}

	/** Return all blocks of code in a language. */
	List<String> blocks(String language) {
		List<String> blocks = new ArrayList<>();
		for (int i = 0; i < this.lines.size(); i++) {
			if (this.lines.get(i).equals("```" + language)) {
				blocks.add(String.join("\n",
						this.lines.subList(i + 1, this.lines.size())
							.stream()
							.takeWhile((line) -> !line.equals("```"))
							.toList()));
			}
		}
		return blocks;
	}

	/** Return all blocks of code and output, in any language. */
	List<Snippet> snippets() {
		List<Snippet> snippets = new ArrayList<>();
		for (int i = 0; i < this.lines.size(); i++) {
			String fence = this.lines.get(i).strip();
			if (fence.startsWith("```")) {
				List<String> block = this.lines.subList(i + 1, this.lines.size())
					.stream()
					.takeWhile((line) -> !line.strip().equals("```"))
					.toList();
				snippets.add(new Snippet(this, i + 1, fence.substring(3), String.join("\n", block).stripIndent()));
				i += block.size() + 1;
			}
		}
		return snippets;
	}

	/** Return all links to other parts of the project. */
	List<String> links() {
		return LINK.matcher(String.join("\n", this.lines))
			.results()
			.map((result) -> result.group(1))
			.filter((link) -> !link.contains("://"))
			.toList();
	}

	/** Return the anchors of the sections of this page. */
	List<String> anchors() {
		return this.lines.stream()
			.filter((line) -> line.startsWith("#"))
			.map((line) -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
			.map((heading) -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
			.toList();
	}

	@Override
	public String toString() {
		return ROOT.relativize(this.path).toString();
	}

	/**
	 * Table of a page.
	 *
	 * @param heading the heading above it
	 * @param rows its rows, each from the name of a column to a cell
	 */
	record Table(String heading, List<Map<String, String>> rows) {
	}

}
