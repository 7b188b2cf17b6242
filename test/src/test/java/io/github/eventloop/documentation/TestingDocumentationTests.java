package io.github.eventloop.documentation;

import java.lang.reflect.Method;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import io.github.eventloop.junit.FailOnEventLoopStall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the code and the attributes in {@code docs/testing.md} are right.
 */
class TestingDocumentationTests {

	@Test
	void codeShouldBeThatOfTheSnippets() {
		assertThat(Page.of("docs/testing.md").blocks("java")).isNotEmpty()
			.containsExactlyElementsOf(TaggedCode.of(JunitSnippets.class));
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
