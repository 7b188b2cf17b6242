package io.github.eventloop.blocking.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SourceFiles}.
 */
class SourceFilesTests {

	private final SourceFiles files = new SourceFiles(getClass().getClassLoader());

	@Test
	void shouldFindTheFilesOfClasses() {
		assertThat(this.files.of(SourceFilesTests.class.getName())).isEqualTo("SourceFilesTests.java");
		assertThat(this.files.of(Nested.class.getName())).isEqualTo("SourceFilesTests.java");
		assertThat(this.files.of(Mono.class.getName())).isEqualTo("Mono.java");
	}

	/** Large classes with all kinds of constants. */
	@ParameterizedTest
	@ValueSource(classes = { String.class, ConcurrentHashMap.class, Math.class, Map.class })
	void shouldFindTheFilesOfTheJdk(Class<?> type) {
		assertThat(this.files.of(type.getName())).isEqualTo(type.getSimpleName() + ".java");
	}

	@ParameterizedTest
	@ValueSource(strings = { "com.acme.Missing", "com.acme.Prices$$Lambda/0x0000000800c03000", "", "\n" })
	void whenThereIsNoClassFileShouldReturnNull(String className) {
		assertThat(this.files.of(className)).isNull();
		assertThat(this.files.of(className)).isNull();
	}

	@Test
	void whenClassFileIsTruncatedShouldReturnNull() throws IOException {
		byte[] content;
		try (InputStream whole = getClass().getResourceAsStream("SourceFilesTests.class")) {
			content = whole.readAllBytes();
		}
		for (int length = 0; length < content.length / 2; length += 97) {
			assertThat(new SourceFiles(new TruncatingClassLoader(content, length)).of("com.acme.Broken")).isNull();
		}
		assertThat(new SourceFiles(new TruncatingClassLoader(content, content.length)).of("com.acme.Broken"))
			.isEqualTo("SourceFilesTests.java");
	}

	private static final class Nested {

	}

	/**
	 * Returns only the first bytes of a class file.
	 */
	private static final class TruncatingClassLoader extends ClassLoader {

		private final byte[] content;

		private final int length;

		TruncatingClassLoader(byte[] content, int length) {
			this.content = content;
			this.length = length;
		}

		@Override
		public InputStream getResourceAsStream(String name) {
			return new ByteArrayInputStream(this.content, 0, this.length);
		}

	}

}
