package io.github.eventloop.benchmarks.truth;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import io.github.eventloop.benchmarks.process.Pause;

/**
 * What a loop is given to do, and when, and what goes on beside it.
 */
enum Schedule {

	/** Short and often: what an ordinary handler does that computes. */
	SPINS_5("computes for 5 ms each 20 ms", Duration.ofMillis(20), 0.25) {

		@Override
		void give(Diary diary, int number, Random random) {
			diary.give(() -> spin(5_000_000));
		}

	},

	/** Noticed by users. */
	SPINS_50("computes for 50 ms each 200 ms", Duration.ofMillis(200), 0.25) {

		@Override
		void give(Diary diary, int number, Random random) {
			diary.give(() -> spin(50_000_000));
		}

	},

	/** A stall a second. */
	SPINS_300("computes for 300 ms each second", Duration.ofSeconds(1), 0.3) {

		@Override
		void give(Diary diary, int number, Random random) {
			diary.give(() -> spin(300_000_000));
		}

	},

	/** Nothing is regular: lengths from an exponential distribution, mean 20 ms. */
	SCATTERED("computes for random lengths, mean 20 ms, each 60 ms", Duration.ofMillis(60), 0.33) {

		@Override
		void give(Diary diary, int number, Random random) {
			long nanos = Math.round(-20_000_000 * Math.log(1 - random.nextDouble()));
			diary.give(() -> spin(nanos));
		}

	},

	/** Busy without a CPU. */
	SLEEPS("sleeps for 120 ms each 500 ms", Duration.ofMillis(500), 0.24) {

		@Override
		void give(Diary diary, int number, Random random) {
			diary.give(() -> Pause.of(Duration.ofMillis(120)));
		}

	},

	/** Many small tasks, none of which is long. */
	FLOODS("50 tasks of 20 µs at once, each 2 ms", Duration.ofMillis(2), 0.5) {

		@Override
		void give(Diary diary, int number, Random random) {
			for (int i = 0; i < 50; i++) {
				diary.give(() -> spin(20_000));
			}
		}

	},

	/** Pauses of a collector, whose truth the JVM's log of safepoints tells. */
	GARBAGE("computes for 5 ms each 50 ms, beside a thread that leaves garbage", Duration.ofMillis(50), 0.1) {

		@Override
		void give(Diary diary, int number, Random random) {
			diary.give(() -> spin(5_000_000));
		}

		@Override
		List<String> jvm() {
			return List.of("-XX:+UseSerialGC", "-Xms160m", "-Xmx160m");
		}

		@Override
		Runnable companion(BooleanSupplier goesOn, List<Interval> pauses) {
			return () -> leaveGarbage(goesOn);
		}

	},

	/** A control group that stops the process, whose truth a spinning thread tells. */
	QUOTA("computes for 2 ms each 50 ms, beside a thread that uses up a quota of half a CPU", Duration.ofMillis(50),
			0.04) {

		@Override
		void give(Diary diary, int number, Random random) {
			diary.give(() -> spin(2_000_000));
		}

		@Override
		Runnable companion(BooleanSupplier goesOn, List<Interval> pauses) {
			return () -> spinAndNoteGaps(goesOn, pauses);
		}

	};

	/** As the library: what a busy machine does to any thread is no pause. */
	private static final long SHORTEST_PAUSE_NANOS = 10_000_000;

	private static final int LIVE_OBJECTS = 500_000;

	private final String what;

	private final Duration period;

	private final double share;

	Schedule(String what, Duration period, double share) {
		this.what = what;
		this.period = period;
		this.share = share;
	}

	/**
	 * Return what the loop does, in words.
	 */
	String what() {
		return this.what;
	}

	/**
	 * Return the share of the time that the work takes on a machine without anybody else.
	 */
	double share() {
		return this.share;
	}

	/**
	 * Give the loop its work of one period.
	 */
	abstract void give(Diary diary, int number, Random random);

	/**
	 * Return options of the JVM that it is played in.
	 */
	List<String> jvm() {
		return List.of();
	}

	/**
	 * Return what goes on beside the loop, on a thread of its own.
	 * @param goesOn whether to go on
	 * @param pauses takes the pauses that it sees
	 */
	Runnable companion(BooleanSupplier goesOn, List<Interval> pauses) {
		return () -> {
		};
	}

	/**
	 * Whether the process stops now and then.
	 */
	boolean hasPauses() {
		return pauseShare() > 0;
	}

	/**
	 * Return by what part of them pauses may be reported as too short or too long.
	 */
	double pauseShare() {
		return switch (this) {
			case GARBAGE -> 0.05;
			case QUOTA -> 0.2;
			default -> 0;
		};
	}

	/**
	 * Return by how much the lag may be reported as too short or too long.
	 */
	double lagMillis() {
		return switch (this) {
			case GARBAGE -> 1;
			case QUOTA -> 10;
			default -> 0.5;
		};
	}

	/**
	 * Play it on the calling thread. Where that is late, so is the work: what is true is
	 * what the loop notes.
	 */
	void play(Diary diary, BooleanSupplier goesOn) {
		Random random = new Random(1);
		long next = System.nanoTime();
		for (int number = 0; goesOn.getAsBoolean(); number++) {
			give(diary, number, random);
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

	/** Objects live long enough to be moved, so that collections take their time. */
	private static void leaveGarbage(BooleanSupplier goesOn) {
		Object[] live = IntStream.range(0, LIVE_OBJECTS).mapToObj((i) -> new long[10]).toArray();
		Random random = new Random(1);
		while (goesOn.getAsBoolean()) {
			for (int i = 0; i < 20_000; i++) {
				live[random.nextInt(LIVE_OBJECTS)] = new long[10];
			}
			Pause.of(Duration.ofMillis(10));
		}
	}

	private static void spinAndNoteGaps(BooleanSupplier goesOn, List<Interval> pauses) {
		long before = System.nanoTime();
		while (goesOn.getAsBoolean()) {
			long now = System.nanoTime();
			if (now - before >= SHORTEST_PAUSE_NANOS) {
				pauses.add(new Interval(before, now));
			}
			before = now;
		}
	}

}
