package io.github.eventloop.shedding.internal;

import java.util.SplittableRandom;

/**
 * Requests of the {@link SheddingSimulation}.
 */
enum SimulatedWorkload {

	/** Every request computes for about a millisecond. */
	FAST("1 ms of CPU", 1),

	/** Every request computes for about 40 ms. */
	SLOW("40 ms of CPU", 40),

	/** Every request blocks the loop for about 300 ms. */
	BLOCKING("blocks for 300 ms", 300),

	/** One of ten requests takes 150 ms, the others take 1 ms. */
	MIXED("1 ms, every tenth 150 ms", 0.9 + 15),

	/**
	 * Every request waits 800 ms for a backend, and takes next to no time on the loop.
	 */
	BACKEND("waits 800 ms for a backend", 0.2),

	/** As {@link #FAST}, with collections of 100 to 300 ms every three seconds. */
	FAST_GARBAGE("1 ms of CPU, garbage", 1),

	/** As {@link #SLOW}, with the same collections. */
	SLOW_GARBAGE("40 ms of CPU, garbage", 40);

	private static final double NANOS_PER_MILLI = 1e6;

	private final String title;

	private final double meanMillis;

	SimulatedWorkload(String title, double meanMillis) {
		this.title = title;
		this.meanMillis = meanMillis;
	}

	String title() {
		return this.title;
	}

	double meanServiceNanos() {
		return this.meanMillis * NANOS_PER_MILLI;
	}

	/** Return the time for which a request occupies the loop. */
	long serviceNanos(SplittableRandom random) {
		double mean = (this != MIXED) ? this.meanMillis : ((random.nextDouble() < 0.1) ? 150 : 1);
		return (long) (mean * NANOS_PER_MILLI * random.nextDouble(0.8, 1.2));
	}

	/** Return the time that a response takes after the request has left the loop. */
	long backendNanos() {
		return (this == BACKEND) ? (long) (800 * NANOS_PER_MILLI) : 0;
	}

	boolean hasCollections() {
		return this == FAST_GARBAGE || this == SLOW_GARBAGE;
	}

	/** Return the number of runs, more if chance has more influence. */
	int runs() {
		return (this.meanMillis > 1 || hasCollections()) ? 6 : 1;
	}

}
