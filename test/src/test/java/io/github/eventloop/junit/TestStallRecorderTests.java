package io.github.eventloop.junit;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TestStallRecorder}.
 */
class TestStallRecorderTests {

	@Test
	void isClassLoadingWhenClassLoaderIsOnStackShouldBeTrue() {
		assertThat(TestStallRecorder.isClassLoading(List.of("java.util.zip.Inflater.inflateBytesBytes(Native Method)",
				"java.lang.ClassLoader.loadClass(ClassLoader.java:525)", "com.acme.Prices.load(Prices.java:42)")))
			.isTrue();
	}

	@Test
	void isClassLoadingWhenClassLoaderIsNotOnStackShouldBeFalse() {
		assertThat(TestStallRecorder.isClassLoading(List.of("java.lang.Thread.sleep(Native Method)",
				"com.acme.ClassLoader.load(ClassLoader.java:42)", "... 40 framework frames")))
			.isFalse();
		assertThat(TestStallRecorder.isClassLoading(List.of())).isFalse();
	}

}
