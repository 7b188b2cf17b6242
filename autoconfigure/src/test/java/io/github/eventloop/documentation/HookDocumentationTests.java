package io.github.eventloop.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/how-it-measures.md} shows the code of the hook.
 */
class HookDocumentationTests {

	private static final Path SOURCE = Path.of("src", "main", "java", "io", "github", "eventloop", "netty", "internal",
			"MonitoredEventLoop.java");

	@Test
	void codeShouldBeThatOfTheHook() throws IOException {
		List<String> source = Files.readAllLines(SOURCE).stream().map(String::strip).toList();
		List<String> shown = Page.of("docs/how-it-measures.md")
			.blocks("java")
			.stream()
			.flatMap(String::lines)
			.map(String::strip)
			.toList();
		assertThat(shown).isNotEmpty();
		assertThat(source).containsSubsequence(shown);
	}

}
