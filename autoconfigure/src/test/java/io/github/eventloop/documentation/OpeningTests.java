package io.github.eventloop.documentation;

import java.io.IOException;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that each page opens with what it is for.
 */
class OpeningTests {

	@ParameterizedTest
	@MethodSource("pages")
	void firstParagraphShouldSayWhatThePageIsFor(Page page) {
		assertThat(page.lines()).hasSizeGreaterThan(2);
		assertThat(page.lines().get(0)).startsWith("# ");
		assertThat(page.lines().get(2)).startsWith("This page ");
	}

	static Stream<Page> pages() throws IOException {
		return Page.all().filter((page) -> page.toString().startsWith("docs"));
	}

}
