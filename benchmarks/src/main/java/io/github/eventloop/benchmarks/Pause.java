package io.github.eventloop.benchmarks;

import java.time.Duration;

/**
 * Waits of a given time, for benchmarks that depend on elapsed time.
 */
public final class Pause {

	private Pause() {
	}

	/** Sleep, but not at all if the duration is not positive. */
	public static void of(Duration duration) {
		try {
			Thread.sleep(Math.max(0, duration.toMillis()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	/** Compute on the calling thread for some time. */
	static void spin(long nanos) {
		long end = System.nanoTime() + nanos;
		while (System.nanoTime() - end < 0) {
			Thread.onSpinWait();
		}
	}

}
