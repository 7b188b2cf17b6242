package io.github.eventloop.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.eventloop.finding.Confidence;
import io.github.eventloop.finding.Severity;
import io.github.eventloop.finding.internal.Catalogue;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/findings.md} has a section for each kind of finding, and that
 * the text for assistants names all of them.
 */
class FindingsDocumentationTests {

	@Test
	void everyKindShouldHaveASectionAndEverySectionAKind() {
		List<String> sections = Page.of("docs/findings.md")
			.lines()
			.stream()
			.filter((line) -> line.startsWith("### "))
			.map((line) -> line.substring(4))
			.toList();
		assertThat(sections).containsExactlyInAnyOrderElementsOf(Catalogue.ids());
	}

	@Test
	void everySectionShouldTellWhatToDo() {
		String page = String.join("\n", Page.of("docs/findings.md").lines());
		assertThat(Arrays.stream(page.split("\n### ", -1)).skip(1))
			.allSatisfy((section) -> assertThat(section).contains("**Found if**", "**Do now**", "**Cure**"));
	}

	@Test
	void scalesShouldBeExplained() {
		String page = String.join("\n", Page.of("docs/findings.md").lines());
		assertThat(Severity.values()).allSatisfy((value) -> assertThat(page).contains("| `" + value + "` |"));
		assertThat(Confidence.values()).allSatisfy((value) -> assertThat(page).contains("| `" + value + "` |"));
	}

	@Test
	void textForAssistantsShouldNameEveryKind() throws IOException {
		String text = Files.readString(Path.of("..", "docs", "llms.txt"));
		assertThat(Catalogue.ids()).allSatisfy((id) -> assertThat(text).contains(id));
	}

}
