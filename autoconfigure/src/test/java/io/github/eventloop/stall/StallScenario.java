package io.github.eventloop.stall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.internal.cause.Diagnosis;
import io.github.eventloop.stall.internal.cause.StallFacts;
import io.github.eventloop.stall.internal.sample.Interval;
import io.github.eventloop.stall.internal.stack.CulpritFinder;

/**
 * Builder of a stall that is described sample by sample. All times are in milliseconds.
 */
public final class StallScenario {

	static final long THRESHOLD = 100;

	private static final StackReader READER = new StackReader(List.of("com.acme"));

	private final List<Interval> intervals = new ArrayList<>();

	private final List<long[]> collections = new ArrayList<>();

	private final List<StackTraceElement[]> stacks = new ArrayList<>();

	private long now;

	private boolean cpuKnown = true;

	private long collectorCpu = Long.MAX_VALUE;

	private boolean cycles;

	private long paused;

	private long events;

	private long tasksStarted;

	private boolean moving;

	private long io;

	/** Add a sample, with the time since the previous one. */
	public StallScenario sample(@Nullable StallCause seen, long millis, long leastCpu, long mostCpu, long queued,
			@Nullable LockOwner owner, String... frames) {
		long from = nanos(this.now);
		this.now += millis;
		this.intervals.add(new Interval(from, nanos(this.now), seen, stack(frames), owner, nanos(leastCpu),
				nanos(mostCpu), (queued < 0) ? -1 : nanos(queued)));
		return this;
	}

	/**
	 * Add a sample of a thread that was on a CPU for some of the time, and off it for an
	 * unknown reason for the rest.
	 */
	public StallScenario running(long millis, long cpu, String... frames) {
		return sample(StallCause.COMPUTING, millis, cpu, cpu, -1, null, frames);
	}

	/**
	 * Add a sample of a thread that was on a CPU for some of the time, and in a run queue
	 * for some.
	 */
	public StallScenario queued(long millis, long cpu, long queued, String... frames) {
		return sample(StallCause.COMPUTING, millis, cpu, cpu, queued, null, frames);
	}

	public StallScenario waiting(StallCause seen, long millis, String... frames) {
		return sample(seen, millis, 0, 0, 0, null, frames);
	}

	/** Add a sample of a thread that was asleep in code that does not block. */
	public StallScenario asleep(long millis, String... frames) {
		return sample(StallCause.UNKNOWN, millis, 0, 0, 0, null, frames);
	}

	/** Add a collection that ends now. */
	public StallScenario collected(long millis) {
		this.collections.add(new long[] { nanos(this.now - millis), nanos(this.now) });
		return this;
	}

	public StallScenario collectorCpu(long millis) {
		this.collectorCpu = nanos(millis);
		return this;
	}

	public StallScenario cycles() {
		this.cycles = true;
		return this;
	}

	public StallScenario paused(long millis) {
		this.paused = nanos(millis);
		return this;
	}

	public StallScenario cpuUnknown() {
		this.cpuKnown = false;
		return this;
	}

	public StallScenario events(long number) {
		this.events = number;
		return this;
	}

	public StallScenario tasksStarted(long number, boolean moving) {
		this.tasksStarted = number;
		this.moving = moving;
		return this;
	}

	public StallScenario io(long millis) {
		this.io = nanos(millis);
		return this;
	}

	public Diagnosis diagnose() {
		return new Diagnosis(new StallFacts(nanos(THRESHOLD), this.intervals, this.cpuKnown, this::collecting,
				this.collectorCpu, this.cycles, this.paused, this.events, this.tasksStarted, this.moving, this.io),
				READER);
	}

	public @Nullable Culprit culprit() {
		return culpritFinder().of(diagnose().stacks());
	}

	public @Nullable Culprit doing() {
		return culpritFinder().doing(diagnose().stacks());
	}

	public @Nullable Culprit entry() {
		return culpritFinder().entry(diagnose().stacks(), culprit());
	}

	private static CulpritFinder culpritFinder() {
		return new CulpritFinder(READER);
	}

	private long collecting(long from, long to) {
		return this.collections.stream()
			.mapToLong((each) -> Math.max(0, Math.min(to, each[1]) - Math.max(from, each[0])))
			.sum();
	}

	/** Return the same array for equal stacks. */
	private StackTraceElement[] stack(String... frames) {
		StackTraceElement[] stack = Stream.of(frames).map(StallScenario::frame).toArray(StackTraceElement[]::new);
		return this.stacks.stream().filter((known) -> Arrays.equals(known, stack)).findFirst().orElseGet(() -> {
			this.stacks.add(stack);
			return stack;
		});
	}

	/** Parse a frame such as {@code com.acme.Prices.load:42}; native methods have -2. */
	public static StackTraceElement frame(String frame) {
		int colon = frame.lastIndexOf(':');
		int dot = frame.lastIndexOf('.', colon);
		String className = frame.substring(0, dot);
		return new StackTraceElement(className, frame.substring(dot + 1, colon),
				className.substring(className.lastIndexOf('.') + 1) + ".java",
				Integer.parseInt(frame.substring(colon + 1)));
	}

	private static long nanos(long millis) {
		return TimeUnit.MILLISECONDS.toNanos(millis);
	}

}
