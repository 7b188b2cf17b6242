package io.github.eventloop.stall;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Stall}.
 */
class StallTests {

	@ParameterizedTest
	@CsvSource({ "COMPUTING, java.lang.ClassLoader, loadClass, 51, true",
			"COMPUTING, java.lang.ClassLoader, loadClass, 50, false",
			"LOCK, jdk.internal.loader.ClassLoaders$AppClassLoader, loadClass, 100, true",
			"BLOCKING_IO, org.springframework.boot.loader.zip.FileDataBlock, read, 100, true",
			"STARVED, java.lang.invoke.MethodHandleNatives, linkCallSite, 100, true",
			"COMPUTING, com.acme.Prices, <clinit>, 100, true", "SLEEPING, com.acme.Prices, <clinit>, 100, false",
			"WAITING, java.lang.ClassLoader, loadClass, 100, false", "COMPUTING, com.acme.Prices, load, 100, false" })
	void shouldBeClassLoadingIfMostOfTheTimeIs(StallCause cause, String className, String methodName, long percent,
			boolean expected) {
		assertThat(stall(cause, 0, stack(cause, className, methodName, percent),
				stack(cause, "com.acme.Prices", "load", 100 - percent))
			.isClassLoading()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "COMPUTING, 29, true", "COMPUTING, 34, false", "STARVED, 0, true", "FLOOD, 10, true",
			"UNKNOWN, 0, true", "SLEEPING, 0, false", "WAITING, 0, false", "BLOCKING_IO, 3, false", "LOCK, 0, false" })
	void shouldBeStarvedIfItWasReadyAndHadNoCpu(StallCause cause, long cpuMillis, boolean expected) {
		assertThat(stall(cause, cpuMillis).isStarved()).isEqualTo(expected);
	}

	private static SampledStack stack(StallCause cause, String className, String methodName, long millis) {
		StackTraceElement[] frames = { new StackTraceElement(className, methodName, null, 1) };
		return new SampledStack(cause, frames, 1, Duration.ofMillis(millis).toNanos());
	}

	private static Stall stall(StallCause cause, long cpuMillis, SampledStack... stacks) {
		return new Stall(1, "loop-1", "group", null, TestStall.START, Duration.ofMillis(100), true, cause,
				new Stall.Code(null, null, null, null), new Stall.Requests(null, null, null, null, 0),
				new Stall.Times(Duration.ofMillis(cpuMillis).toNanos(), 0, 0, null), new Stall.Work(0, 0, false),
				new Stall.Samples(stacks.length, List.of(), List.of(stacks)), "Do it.");
	}

}
