package io.github.eventloop.benchmarks.truth;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import io.github.eventloop.benchmarks.process.Pause;

/**
 * The work of a loop over time, and the load next to it.
 */
enum Schedule {

	/** Short and frequent: an ordinary handler that computes. */
	SPINS_5("computes for 5 ms every 20 ms", Duration.ofMillis(20), 0.25) {

		@Override
		void submitWork(WorkLog workLog, int number, Random random) {
			workLog.execute(() -> spin(5_000_000));
		}

	},

	/** Long enough for users to notice. */
	SPINS_50("computes for 50 ms every 200 ms", Duration.ofMillis(200), 0.25) {

		@Override
		void submitWork(WorkLog workLog, int number, Random random) {
			workLog.execute(() -> spin(50_000_000));
		}

	},

	/** One stall per second. */
	SPINS_300("computes for 300 ms every second", Duration.ofSeconds(1), 0.3) {

		@Override
		void submitWork(WorkLog workLog, int number, Random random) {
			workLog.execute(() -> spin(300_000_000));
		}

	},

	/** Irregular: durations from an exponential distribution, mean 20 ms. */
	SCATTERED("computes for random durations, mean 20 ms, every 60 ms", Duration.ofMillis(60), 0.33) {

		@Override
		void submitWork(WorkLog workLog, int number, Random random) {
			long nanos = Math.round(-20_000_000 * Math.log(1 - random.nextDouble()));
			workLog.execute(() -> spin(nanos));
		}

	},

	/** Busy without a CPU. */
	SLEEPS("sleeps for 120 ms every 500 ms", Duration.ofMillis(500), 0.24) {

		@Override
		void submitWork(WorkLog workLog, int number, Random random) {
			workLog.execute(() -> Pause.of(Duration.ofMillis(120)));
		}

	},

	/** Many small tasks, none of which is long. */
	FLOODS("50 tasks of 20 µs at once, every 2 ms", Duration.ofMillis(2), 0.5) {

		@Override
		void submitWork(WorkLog workLog, int number, Random random) {
			for (int i = 0; i < 50; i++) {
				workLog.execute(() -> spin(20_000));
			}
		}

	},

	/**
	 * Pauses of a garbage collector, whose true duration is taken from the safepoint log
	 * of the JVM.
	 */
	GARBAGE("computes for 5 ms every 50 ms, next to a thread that produces garbage", Duration.ofMillis(50), 0.1) {

		@Override
		void submitWork(WorkLog workLog, int number, Random random) {
			workLog.execute(() -> spin(5_000_000));
		}

		@Override
		List<String> jvm() {
			return List.of("-XX:+UseSerialGC", "-Xms160m", "-Xmx160m");
		}

		@Override
		Runnable companion(BooleanSupplier running, List<Interval> pauses) {
			return () -> produceGarbage(running);
		}

	},

	/**
	 * A control group that throttles the process, whose true duration is measured by a
	 * spinning thread.
	 */
	QUOTA("computes for 2 ms every 50 ms, next to a thread that uses up a quota of half a CPU", Duration.ofMillis(50),
			0.04) {

		@Override
		void submitWork(WorkLog workLog, int number, Random random) {
			workLog.execute(() -> spin(2_000_000));
		}

		@Override
		Runnable companion(BooleanSupplier running, List<Interval> pauses) {
			return () -> spinAndRecordGaps(running, pauses);
		}

	};

	/**
	 * As in the library: shorter delays are ordinary scheduling delays of a busy machine.
	 */
	private static final long SHORTEST_PAUSE_NANOS = 10_000_000;

	private static final int LIVE_OBJECTS = 500_000;

	private final String description;

	private final Duration period;

	private final double share;

	Schedule(String description, Duration period, double share) {
		this.description = description;
		this.period = period;
		this.share = share;
	}

	/**
	 * Return a description of the schedule.
	 */
	String description() {
		return this.description;
	}

	/**
	 * Return the utilization that the work causes on an otherwise idle machine.
	 */
	double share() {
		return this.share;
	}

	/**
	 * Submit the work of one period to the loop.
	 */
	abstract void submitWork(WorkLog workLog, int number, Random random);

	/**
	 * Return the options of the JVM that runs the schedule.
	 */
	List<String> jvm() {
		return List.of();
	}

	/**
	 * Return the load next to the loop, run by another thread.
	 * @param running whether to continue
	 * @param pauses receives the pauses that the load observes
	 */
	Runnable companion(BooleanSupplier running, List<Interval> pauses) {
		return () -> {
		};
	}

	/**
	 * Return whether the process is paused by this schedule.
	 */
	boolean hasPauses() {
		return pauseShare() > 0;
	}

	/**
	 * Return the maximum relative deviation of reported pauses.
	 */
	double pauseShare() {
		return switch (this) {
			case GARBAGE -> 0.05;
			case QUOTA -> 0.2;
			default -> 0;
		};
	}

	/**
	 * Return the maximum absolute deviation of reported lag.
	 */
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
		for (int number = 0; running.getAsBoolean(); number++) {
			submitWork(workLog, number, random);
			next = Math.max(next + this.period.toNanos(), System.nanoTime());
			long left = next - System.nanoTime();
			while (left > 0) {
				LockSupport.parkNanos(left);
				left = next - System.nanoTime();
			}
		}
	}

	private static void spin(long nanos) {
		long end = System.nanoTime() + nanos;
		while (System.nanoTime() - end < 0) {
			Thread.onSpinWait();
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
