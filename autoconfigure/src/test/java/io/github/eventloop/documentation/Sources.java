package io.github.eventloop.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Java sources of all modules, as text.
 */
final class Sources {

	private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)+)\"");

	private static final List<Source> ALL = read();

	private static final List<String> LITERALS = ALL.stream()
		.filter((source) -> source.path().toString().contains("/src/main/"))
		.flatMap((source) -> LITERAL.matcher(source.text()).results())
		.map((result) -> result.group(1))
		.toList();

	private Sources() {
	}

	private static List<Source> read() {
		return Stream.of("autoconfigure", "test", "sample-webflux-app", "benchmarks")
			.flatMap(Sources::ofModule)
			.toList();
	}

	private static Stream<Source> ofModule(String module) {
		try (Stream<Path> files = Files.walk(Path.of("..", module, "src"))) {
			// SnippetTests contains wrong code on purpose.
			return files.filter((file) -> file.toString().endsWith(".java") && !file.endsWith("SnippetTests.java"))
				.map(Source::of)
				.toList()
				.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Whether one of the sources contains a piece of code, regardless of line breaks. */
	static boolean contain(String code) {
		String stripped = stripped(code);
		return ALL.stream().anyMatch((source) -> source.stripped().contains(stripped));
	}

	/** Whether a class is declared in a file of its own. */
	static boolean declare(String simpleName) {
		return ALL.stream().anyMatch((source) -> source.path().endsWith(simpleName + ".java"));
	}

	/**
	 * Whether a text begins with a string literal of the library, up to its first
	 * variable.
	 */
	static boolean write(String text) {
		return LITERALS.stream()
			.map((literal) -> literal.split("%", 2)[0])
			.filter((beginning) -> beginning.length() >= 8)
			.anyMatch(text::startsWith);
	}

	/** Return what a pattern matches in the file of a class. */
	static List<String> find(String simpleName, Pattern pattern) {
		return ALL.stream()
			.filter((source) -> source.path().endsWith(simpleName + ".java"))
			.flatMap((source) -> pattern.matcher(source.text()).results())
			.map((result) -> result.group(1))
			.toList();
	}

	private static String stripped(String code) {
		return code.replaceAll("\\s+", "");
	}

	private record Source(Path path, String text, String stripped) {

		static Source of(Path path) {
			try {
				String text = Files.readString(path);
				return new Source(path, text, Sources.stripped(text));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
