package io.github.eventloop.kubernetes.internal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Time limit of one call of the gate, which covers all requests to the Kubernetes API.
 * Immutable.
 *
 * @param nanos the end, as {@link System#nanoTime()}
 * @param limit the limit
 */
record Deadline(long nanos, Duration limit) {

	private static final int MIN_PAUSE_MILLIS = 30;

	private static final int MAX_PAUSE_MILLIS = 150;

	static Deadline in(Duration limit) {
		return new Deadline(System.nanoTime() + limit.toNanos(), limit);
	}

	boolean hasPassed() {
		return System.nanoTime() - this.nanos >= 0;
	}

	/**
	 * Wait for a random time, so that instances that conflict do not do so again.
	 * @return whether there is time for another attempt
	 */
	boolean pause() throws InterruptedException {
		Thread.sleep(ThreadLocalRandom.current().nextInt(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS));
		return !hasPassed();
	}

	/**
	 * Check that there is time for another request.
	 * @throws IllegalStateException if there is none
	 */
	void check() {
		if (hasPassed()) {
			throw new IllegalStateException("The Kubernetes API was too slow: its answers did not arrive within %d ms"
				.formatted(this.limit.toMillis()));
		}
	}

}
