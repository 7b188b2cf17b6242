package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import io.github.eventloop.benchmarks.Truth.Interval;
import io.github.eventloop.benchmarks.Truth.WorkLog;

/**
 * The work of a loop over time, and the load next to it.
 */
enum Schedule {

	/** Short and frequent: an ordinary handler that computes. */
	SPINS_5("computes for 5 ms every 20 ms", 20, 0.25, (work, random) -> work.execute(() -> Pause.spin(5_000_000))),

	/** Long enough for users to notice. */
	SPINS_50("computes for 50 ms every 200 ms", 200, 0.25,
			(work, random) -> work.execute(() -> Pause.spin(50_000_000))),

	/** One stall per second. */
	SPINS_300("computes for 300 ms every second", 1_000, 0.3,
			(work, random) -> work.execute(() -> Pause.spin(300_000_000))),

	/** Irregular: durations from an exponential distribution, mean 20 ms. */
	SCATTERED("computes for random durations, mean 20 ms, every 60 ms", 60, 0.33, (work, random) -> {
		long nanos = Math.round(-20_000_000 * Math.log(1 - random.nextDouble()));
		work.execute(() -> Pause.spin(nanos));
	}),

	/** Busy without a CPU. */
	SLEEPS("sleeps for 120 ms every 500 ms", 500, 0.24,
			(work, random) -> work.execute(() -> Pause.of(Duration.ofMillis(120)))),

	/** Many small tasks, none of which is long. */
	FLOODS("50 tasks of 20 µs at once, every 2 ms", 2, 0.5,
			(work, random) -> IntStream.range(0, 50).forEach((i) -> work.execute(() -> Pause.spin(20_000)))),

	/**
	 * Pauses of a garbage collector, whose true duration is taken from the JVM's
	 * safepoint log.
	 */
	GARBAGE("computes for 5 ms every 50 ms, next to a thread that produces garbage", 50, 0.1,
			(work, random) -> work.execute(() -> Pause.spin(5_000_000))),

	/**
	 * A control group that throttles the process, whose true duration is measured by a
	 * spinning thread.
	 */
	QUOTA("computes for 2 ms every 50 ms, next to a thread that uses up a quota of half a CPU", 50, 0.04,
			(work, random) -> work.execute(() -> Pause.spin(2_000_000)));

	/**
	 * As in the library: shorter delays are ordinary scheduling delays of a busy machine.
	 */
	private static final long SHORTEST_PAUSE_NANOS = 10_000_000;

	private static final int LIVE_OBJECTS = 500_000;

	private final String description;

	private final Duration period;

	private final double share;

	@SuppressWarnings("ImmutableEnumChecker") // no state
	private final BiConsumer<WorkLog, Random> periodWork;

	Schedule(String description, int periodMillis, double share, BiConsumer<WorkLog, Random> work) {
		this.description = description;
		this.period = Duration.ofMillis(periodMillis);
		this.share = share;
		this.periodWork = work;
	}

	String description() {
		return this.description;
	}

	/** Return the utilization that the work causes on an otherwise idle machine. */
	double share() {
		return this.share;
	}

	/** Return the options of the JVM that runs the schedule. */
	List<String> jvm() {
		return (this == GARBAGE) ? List.of("-XX:+UseSerialGC", "-Xms160m", "-Xmx160m") : List.of();
	}

	/** Return the maximum relative deviation of reported pauses; 0 if there are none. */
	double pauseShare() {
		return switch (this) {
			case GARBAGE -> 0.05;
			case QUOTA -> 0.2;
			default -> 0;
		};
	}

	/** Return the maximum absolute deviation of reported lag. */
	double lagMillis() {
		return switch (this) {
			case GARBAGE -> 1;
			case QUOTA -> 10;
			default -> 0.5;
		};
	}

	/**
	 * Run the schedule on the calling thread. If that thread is late, so is the work: the
	 * truth is what the loop records.
	 */
	void run(WorkLog workLog, BooleanSupplier running) {
		Random random = new Random(1);
		long next = System.nanoTime();
		while (running.getAsBoolean()) {
			this.periodWork.accept(workLog, random);
			next = Math.max(next + this.period.toNanos(), System.nanoTime());
			for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
				LockSupport.parkNanos(left);
			}
		}
	}

	/** Run the load next to the loop, which adds the pauses that it observes. */
	void runCompanion(BooleanSupplier running, List<Interval> pauses) {
		if (this == GARBAGE) {
			produceGarbage(running);
		}
		if (this == QUOTA) {
			spinAndRecordGaps(running, pauses);
		}
	}

	/** Objects live long enough to be copied, so that collections take a while. */
	private static void produceGarbage(BooleanSupplier running) {
		Object[] live = IntStream.range(0, LIVE_OBJECTS).mapToObj((i) -> new long[10]).toArray();
		Random random = new Random(1);
		while (running.getAsBoolean()) {
			for (int i = 0; i < 20_000; i++) {
				live[random.nextInt(LIVE_OBJECTS)] = new long[10];
			}
			Pause.of(Duration.ofMillis(10));
		}
	}

	private static void spinAndRecordGaps(BooleanSupplier running, List<Interval> pauses) {
		long before = System.nanoTime();
		while (running.getAsBoolean()) {
			long now = System.nanoTime();
			if (now - before >= SHORTEST_PAUSE_NANOS) {
				pauses.add(new Interval(before, now));
			}
			before = now;
		}
	}

}
