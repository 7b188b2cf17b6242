package io.github.eventloop.junit;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TestWatch}.
 */
class TestWatchTests {

	@Test
	void loadingClassesIsNobodysFault() {
		assertThat(TestWatch.isClassLoading(List.of("java.util.zip.Inflater.inflateBytesBytes(Native Method)",
				"java.lang.ClassLoader.loadClass(ClassLoader.java:525)", "com.acme.Prices.load(Prices.java:42)")))
			.isTrue();
	}

	@Test
	void everythingElseIs() {
		assertThat(TestWatch.isClassLoading(List.of("java.lang.Thread.sleep(Native Method)",
				"com.acme.ClassLoader.load(ClassLoader.java:42)", "... 40 framework frames")))
			.isFalse();
		assertThat(TestWatch.isClassLoading(List.of())).isFalse();
	}

}
