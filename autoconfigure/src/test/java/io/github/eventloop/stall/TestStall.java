package io.github.eventloop.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Creates stalls for tests.
 */
public final class TestStall {

	public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private TestStall() {
	}

	public static Stall of(long id, String methodName, Duration startedAfter, Duration duration) {
		return of(id, methodName, startedAfter, duration, false);
	}

	public static Stall inProgress(long id, String methodName, Duration startedAfter, Duration duration) {
		return of(id, methodName, startedAfter, duration, true);
	}

	public static Stall loadingClasses(long id, Duration duration, boolean inProgress) {
		StackTraceElement[] loading = {
				new StackTraceElement("java.lang.ClassLoader", "defineClass1", "ClassLoader.java", -2),
				new StackTraceElement("com.acme.Prices", "load" + id, "Prices.java", 42) };
		StackTraceElement[] handling = { loading[1] };
		StackReader reader = new StackReader(List.of("com.acme"));
		List<SampledStack> stacks = List.of(
				new SampledStack(StallCause.COMPUTING, loading, 2, duration.toNanos() * 2 / 3),
				new SampledStack(StallCause.COMPUTING, handling, 1, duration.toNanos() / 3));
		return new Stall(id, "loop-1", "group", null, START.plusSeconds(70 * id), duration, inProgress,
				StallCause.COMPUTING, new Stall.Code(reader.culpritOf(loading), reader.culpritOf(loading), null, null),
				new Stall.Requests("/prices/{id}", null, null, null, 3),
				new Stall.Times(duration.toNanos(), 0, 0, null), new Stall.Work(1, 1, false),
				new Stall.Samples(3, reader.fold(loading), stacks), "Warm up.");
	}

	public static Stall withoutCulprit(long id, StallCause cause, Duration duration) {
		return new Stall(id, "loop-1", "group", null, START, duration, false, cause,
				new Stall.Code(null, null, null, null), new Stall.Requests(null, null, null, null, 0),
				new Stall.Times(0, 0, 0, null), new Stall.Work(0, 0, false), new Stall.Samples(0, List.of(), List.of()),
				"Wait.");
	}

	private static Stall of(long id, String methodName, Duration startedAfter, Duration duration, boolean inProgress) {
		StackTraceElement[] frames = { new StackTraceElement("java.lang.Thread", "sleep", "Thread.java", -2),
				new StackTraceElement("com.acme.Prices", methodName, "Prices.java", 42) };
		StackReader reader = new StackReader(List.of("com.acme"));
		SampledStack stack = new SampledStack(StallCause.SLEEPING, frames, 1, duration.toNanos());
		return new Stall(id, "loop-1", "group", null, START.plus(startedAfter), duration, inProgress,
				StallCause.SLEEPING, new Stall.Code(reader.culpritOf(frames), reader.culpritOf(frames), null, null),
				new Stall.Requests("/prices/{id}", null, null, null, 3), new Stall.Times(1_000_000, 0, 0, null),
				new Stall.Work(1, 1, false), new Stall.Samples(1, reader.fold(frames), List.of(stack)),
				"Do not sleep.");
	}

	public static Stall starved(StallCause cause, Duration cpu, Duration starved) {
		Culprit culprit = (cause == StallCause.STARVED) ? null
				: new Culprit("com.acme.Prices", "sum", "Prices.java", 42);
		Culprit entry = (cause == StallCause.STARVED) ? null : new Culprit("com.acme.Shop", "show", "Shop.java", 7);
		return new Stall(1, "loop-1", "group", null, START, cpu.plus(starved), false, cause,
				new Stall.Code(culprit, entry, null, null), new Stall.Requests(null, null, null, null, 0),
				new Stall.Times(cpu.toNanos(), 0, starved.toNanos(), "CPU limit"), new Stall.Work(1, 1, false),
				new Stall.Samples(1, List.of(), List.of()), "");
	}

	public static Stall doing(String className, String methodName) {
		return new Stall(1, "loop-1", "group", null, START, Duration.ofMillis(200), false, StallCause.COMPUTING,
				new Stall.Code(null, null, new Culprit(className, methodName, null, null), null),
				new Stall.Requests(null, null, null, null, 0), new Stall.Times(200_000_000, 0, 0, null),
				new Stall.Work(1, 1, false), new Stall.Samples(1, List.of(), List.of()), "");
	}

	public static Stall ofOneConnection(StallCause cause, long tasksStarted) {
		return new Stall(1, "loop-1", "group", null, START, Duration.ofMillis(200), false, cause,
				new Stall.Code(null, null, null, null), new Stall.Requests(null, null, null, null, 0),
				new Stall.Times(200_000_000, 0, 0, null), new Stall.Work(1, tasksStarted, true),
				new Stall.Samples(1, List.of(), List.of()), "");
	}

	/** Return a stall in the code of a driver that handles the response of its server. */
	public static Stall handlingResponse(String component, @Nullable String peer) {
		Stall stall = of(1, "load", Duration.ZERO, Duration.ofMillis(312));
		return new Stall(1, "loop-1", "group", component, START, stall.duration(), false, stall.cause(), stall.code(),
				new Stall.Requests(null, null, null, peer, 0), stall.times(), stall.work(), stall.samples(),
				stall.advice());
	}

	/** Return a stall in a filter of a gateway. */
	public static Stall filtering(String route, String filter) {
		Stall stall = of(1, "load", Duration.ZERO, Duration.ofMillis(312));
		return new Stall(1, "loop-1", "group", null, START, stall.duration(), false, stall.cause(), stall.code(),
				new Stall.Requests(route, filter, null, null, 0), stall.times(), stall.work(), stall.samples(),
				stall.advice());
	}

	public static Stall calledFrom(String className) {
		return new Stall(1, "loop-1", "group", null, START, Duration.ofMillis(200), false, StallCause.COMPUTING,
				new Stall.Code(new Culprit("com.acme.Retry", "pause", "Retry.java", 9),
						new Culprit("com.acme." + className, "show", null, 1), null, null),
				new Stall.Requests(null, null, null, null, 0), new Stall.Times(200_000_000, 0, 0, null),
				new Stall.Work(1, 1, false), new Stall.Samples(1, List.of(), List.of()), "");
	}

}
