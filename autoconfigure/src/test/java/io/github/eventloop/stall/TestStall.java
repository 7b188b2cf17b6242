package io.github.eventloop.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Stalls that never happened.
 */
final class TestStall {

	static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private TestStall() {
	}

	static Stall of(long id, String methodName, Duration startedAfter, Duration duration) {
		return of(id, methodName, startedAfter, duration, false);
	}

	static Stall inProgress(long id, String methodName, Duration startedAfter, Duration duration) {
		return of(id, methodName, startedAfter, duration, true);
	}

	static Stall loadingClasses(long id, Duration duration, boolean inProgress) {
		StackTraceElement[] loading = {
				new StackTraceElement("java.lang.ClassLoader", "defineClass1", "ClassLoader.java", -2),
				new StackTraceElement("com.acme.Prices", "load" + id, "Prices.java", 42) };
		StackTraceElement[] handling = { loading[1] };
		StackReader reader = new StackReader(List.of("com.acme"));
		List<SampledStack> stacks = List.of(
				new SampledStack(StallCause.COMPUTING, loading, 2, duration.toNanos() * 2 / 3, null),
				new SampledStack(StallCause.COMPUTING, handling, 1, duration.toNanos() / 3, null));
		return new Stall(id, "loop-1", "group", START.plusSeconds(70 * id), duration, inProgress, StallCause.COMPUTING,
				reader.culpritOf(loading), null, "/prices/{id}", null, 3, duration.toNanos(), 0, 1, 1, 3, "Warm up.",
				reader.fold(loading), stacks);
	}

	private static Stall of(long id, String methodName, Duration startedAfter, Duration duration, boolean inProgress) {
		StackTraceElement[] frames = { new StackTraceElement("java.lang.Thread", "sleep", "Thread.java", -2),
				new StackTraceElement("com.acme.Prices", methodName, "Prices.java", 42) };
		StackReader reader = new StackReader(List.of("com.acme"));
		SampledStack stack = new SampledStack(StallCause.SLEEPING, frames, 1, duration.toNanos(), null);
		return new Stall(id, "loop-1", "group", START.plus(startedAfter), duration, inProgress, StallCause.SLEEPING,
				reader.culpritOf(frames), null, "/prices/{id}", null, 3, 1_000_000, 0, 1, 1, 1, "Do not sleep.",
				reader.fold(frames), List.of(stack));
	}

}
