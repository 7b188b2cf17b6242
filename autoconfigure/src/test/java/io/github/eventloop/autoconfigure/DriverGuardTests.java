package io.github.eventloop.autoconfigure;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DriverGuard}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DriverGuardTests {

	/** What code that was compiled for another version of a driver meets. */
	static Stream<Throwable> failures() {
		return Stream.of(new NoSuchMethodError("configure"), new NoClassDefFoundError("Builder"),
				new AbstractMethodError("build"), new IncompatibleClassChangeError("Builder"),
				new IllegalStateException("No longer supported"));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void whenDriverHasChangedShouldLogAndKeepTheOriginal(Throwable failure, CapturedOutput output) {
		DriverGuard.run("Tea", "eventloop.drivers.tea.enabled", () -> fail(failure));
		assertThat(output).containsOnlyOnce("The event loops of Tea cannot be measured exactly")
			.contains("eventloop.drivers.tea.enabled=false");
		assertThat(DriverGuard.replace("Tea", "eventloop.drivers.tea.enabled", "original", (original) -> {
			fail(failure);
			return "replacement";
		})).isEqualTo("original");
	}

	@Test
	void whenDriverIsAsExpectedShouldReplaceTheOriginal(CapturedOutput output) {
		assertThat(DriverGuard.replace("Tea", "eventloop.drivers.tea.enabled", "original", (original) -> "replacement"))
			.isEqualTo("replacement");
		assertThat(output).doesNotContain("Tea");
	}

	@Test
	void whenJvmFailsShouldNotHideIt() {
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(
				() -> DriverGuard.run("Tea", "eventloop.drivers.tea.enabled", () -> fail(new OutOfMemoryError())));
	}

	private static void fail(Throwable failure) {
		if (failure instanceof Error error) {
			throw error;
		}
		throw (RuntimeException) failure;
	}

}
