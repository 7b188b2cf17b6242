package io.github.eventloop.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Code between the {@code tag} and {@code end} lines of a test class, which a page shows.
 */
final class TaggedCode {

	private static final Pattern TAGGED = Pattern.compile("[ \t]*// tag::(\\w+)\n(.*?)\n[ \t]*// end::\\1\n",
			Pattern.DOTALL);

	private TaggedCode() {
	}

	/** Return all pieces of code of a class of this module, as a page indents them. */
	static List<String> of(Class<?> type) {
		Path source = Path.of("src", "test", "java").resolve(type.getName().replace('.', '/') + ".java");
		try {
			return TAGGED.matcher(Files.readString(source))
				.results()
				.map((result) -> result.group(2).stripTrailing().replace("\t", "    ").stripIndent())
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
