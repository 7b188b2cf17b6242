package io.github.eventloop.documentation;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import io.github.eventloop.junit.FailOnEventLoopStall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the code and the attributes in {@code docs/testing.md} are right.
 */
class TestingDocumentationTests {

	private static final Pattern SNIPPET = Pattern.compile("[ \t]*// tag::(\\w+)\n(.*?)\n[ \t]*// end::\\1\n",
			Pattern.DOTALL);

	@Test
	void codeShouldBeThatOfTheSnippets() throws IOException {
		String source = Files.readString(
				Path.of("src", "test", "java").resolve(JunitSnippets.class.getName().replace('.', '/') + ".java"));
		List<String> snippets = SNIPPET.matcher(source)
			.results()
			.map((result) -> result.group(2).stripTrailing().replace("\t", "    ").stripIndent())
			.toList();
		assertThat(Page.of("docs/testing.md").blocks("java")).isNotEmpty().containsExactlyElementsOf(snippets);
	}

	@Test
	void tableShouldHaveEveryAttributeAndItsDefault() {
		assertThat(Page.of("docs/testing.md").tables("attribute")).singleElement()
			.satisfies(
					(table) -> assertThat(table.rows()).hasSameSizeAs(FailOnEventLoopStall.class.getDeclaredMethods())
						.allSatisfy((row) -> {
							Method attribute = attribute(row.get("attribute"));
							if (!attribute.getReturnType().isArray()) {
								assertThat(row.get("default")).isEqualTo("`" + attribute.getDefaultValue() + "`");
							}
						}));
	}

	private static Method attribute(String cell) {
		return Arrays.stream(FailOnEventLoopStall.class.getDeclaredMethods())
			.filter((method) -> cell.equals("`" + method.getName() + "`"))
			.findFirst()
			.orElseThrow();
	}

}
