package io.github.eventloop.blocking.internal;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SourceFiles}.
 */
class SourceFilesTests {

	private final SourceFiles files = new SourceFiles(getClass().getClassLoader());

	@ParameterizedTest
	@ValueSource(classes = { SourceFilesTests.class, Nested.class, SourceFiles.class })
	void shouldReadTheSourceFile(Class<?> type) {
		String expected = type.getName().contains("Tests") ? "SourceFilesTests.java" : "SourceFiles.java";
		assertThat(this.files.of(type.getName())).isEqualTo(expected);
		assertThat(this.files.of(type.getName())).as("remembered").isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "com.acme.Prices, Prices.java", "com.acme.Prices$Cache$Entry, Prices.java",
			"com.acme.Prices$$Lambda/0x0000000800c03000, Prices.java", "Prices, Prices.java",
			"com.acme.PricesKt, Prices.kt", "com.acme.PricesKt$load$1, Prices.kt", "com.acme.$Proxy12, $Proxy12.java",
			"java.util.HashMap$Node, HashMap.java" })
	void whenThereIsNoClassFileShouldDeriveItFromTheClassName(String className, String file) {
		assertThat(this.files.of(className)).isEqualTo(file);
		assertThat(new SourceFiles(null).of(className)).isEqualTo(file);
	}

	@Test
	void whenClassFileIsInvalidShouldDeriveItFromTheClassName() {
		ClassLoader broken = new ClassLoader(null) {

			@Override
			public InputStream getResourceAsStream(String name) {
				return new ByteArrayInputStream(new byte[20]);
			}

		};
		assertThat(new SourceFiles(broken).of("com.acme.Prices")).isEqualTo("Prices.java");
	}

	/**
	 * A class whose name is not that of its file.
	 */
	static class Nested {

	}

}
