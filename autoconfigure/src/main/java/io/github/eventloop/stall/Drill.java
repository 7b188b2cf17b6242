package io.github.eventloop.stall;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * An intentional stall of a loop, with which a team can test its alerts and probes before
 * an incident. Only one drill runs at a time, for a limited duration. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Drill {

	/**
	 * The longest duration of a drill.
	 */
	public static final Duration LONGEST = Duration.ofSeconds(10);

	/** Whether a drill is running or waiting for its loop. */
	private final AtomicBoolean running = new AtomicBoolean();

	/**
	 * Submit a task that stalls a loop. Returns immediately.
	 * @param loop the loop
	 * @param duration the duration of the stall, from 1 millisecond to {@link #LONGEST}
	 * @param kind what the loop does during the drill
	 * @return whether the drill was started; {@code false} if another one is running
	 * @throws InvalidSettingException if the duration is out of range
	 * @throws java.util.concurrent.RejectedExecutionException if the loop has shut down
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
		catch (Throwable ex) {
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
	 * What a loop does during a drill.
	 */
	public enum Kind {

		/**
		 * Spin on a CPU.
		 */
		CPU,

		/**
		 * Sleep.
		 */
		SLEEP

	}

}
