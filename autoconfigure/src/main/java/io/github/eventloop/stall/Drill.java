package io.github.eventloop.stall;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Stalls a loop on purpose, so that a team can see its alerts and probes work before they
 * have to. One at a time, and not for long. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Drill {

	/**
	 * The longest drill.
	 */
	public static final Duration LONGEST = Duration.ofSeconds(10);

	/** Whether a drill runs or waits for its loop. */
	private final AtomicBoolean running = new AtomicBoolean();

	/**
	 * Stall a loop as soon as it gets to it. Returns at once.
	 * @param loop the loop
	 * @param duration for how long, from 1 millisecond to {@link #LONGEST}
	 * @param kind what the loop does meanwhile
	 * @return whether the drill is on; {@code false} if another one is
	 * @throws InvalidSettingException if the duration is out of its range
	 * @throws java.util.concurrent.RejectedExecutionException if the loop has ended
	 */
	public boolean start(MonitoredLoop loop, Duration duration, Kind kind) {
		if (duration.compareTo(Duration.ofMillis(1)) < 0 || duration.compareTo(LONGEST) > 0) {
			throw new InvalidSettingException("millis", duration.toMillis(), "must be from 1 to %s",
					LONGEST.toMillis());
		}
		if (!this.running.compareAndSet(false, true)) {
			return false;
		}
		try {
			loop.execute(() -> run(duration, kind));
			return true;
		}
		catch (RuntimeException ex) {
			this.running.set(false);
			throw ex;
		}
	}

	private void run(Duration duration, Kind kind) {
		try {
			switch (kind) {
				case CPU -> compute(duration);
				case SLEEP -> sleep(duration);
			}
		}
		finally {
			this.running.set(false);
		}
	}

	private static void compute(Duration duration) {
		long end = System.nanoTime() + duration.toNanos();
		while (end - System.nanoTime() > 0) {
			Thread.onSpinWait();
		}
	}

	private static void sleep(Duration duration) {
		try {
			TimeUnit.NANOSECONDS.sleep(duration.toNanos());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * What a loop does in a drill.
	 */
	public enum Kind {

		/**
		 * Compute.
		 */
		CPU,

		/**
		 * Sleep.
		 */
		SLEEP

	}

}
