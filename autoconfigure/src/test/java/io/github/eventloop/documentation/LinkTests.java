package io.github.eventloop.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that links from one page to another are not broken.
 */
class LinkTests {

	@ParameterizedTest
	@MethodSource("pages")
	void linksShouldNotBeBroken(Page page) {
		assertThat(page.links()).allSatisfy((link) -> {
			String[] parts = link.split("#", 2);
			Path target = parts[0].isEmpty() ? page.path() : page.path().resolveSibling(parts[0]).normalize();
			assertThat(Files.exists(target)).as("%s exists", target).isTrue();
			if (parts.length > 1) {
				assertThat(Page.of(target.toString()).anchors()).contains(parts[1]);
			}
		});
	}

	@Test
	void indexShouldListEveryPage() throws IOException {
		assertThat(Page.of("docs/README.md").links()).containsAll(pages().map(Page::toString)
			.filter((name) -> name.startsWith("docs") && !name.equals("docs/README.md"))
			.map((name) -> name.substring("docs/".length()))
			.toList());
	}

	static Stream<Page> pages() throws IOException {
		return Page.all();
	}

}
