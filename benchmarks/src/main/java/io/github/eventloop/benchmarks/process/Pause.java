package io.github.eventloop.benchmarks.process;

import java.time.Duration;

/**
 * A sleep without a checked exception, for benchmarks that depend on elapsed time.
 */
public final class Pause {

	private Pause() {
	}

	/**
	 * Sleep.
	 * @param duration how long; not at all if it is not positive
	 * @throws IllegalStateException if the thread is interrupted meanwhile
	 */
	public static void of(Duration duration) {
		try {
			Thread.sleep(Math.max(0, duration.toMillis()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

}
