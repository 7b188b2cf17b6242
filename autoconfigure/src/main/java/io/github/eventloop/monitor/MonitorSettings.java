package io.github.eventloop.monitor;

import java.time.Duration;

/**
 * How an {@link EventLoopMonitor} looks at its loops.
 *
 * @param window what lag and utilization are computed over, from 1 second to 10 minutes
 * @param history how far back {@link EventLoopMonitor#history()} reaches, from the window
 * to 24 hours
 * @param stallThreshold an iteration this long is a stall, from 1 millisecond to 1 minute
 * @since 0.1.0
 */
public record MonitorSettings(Duration window, Duration history, Duration stallThreshold) {

	/**
	 * A window of 10 seconds, a history of 15 minutes, stalls from 100 milliseconds.
	 */
	public static final MonitorSettings DEFAULT = new MonitorSettings(Duration.ofSeconds(10), Duration.ofMinutes(15),
			Duration.ofMillis(100));

	/**
	 * Create the settings.
	 * @throws InvalidSettingException if one of them is out of its range
	 */
	public MonitorSettings {
		// The monitor keeps whole seconds.
		requireBetween("window", window, Duration.ofSeconds(1), Duration.ofMinutes(10));
		requireBetween("history", history, window, Duration.ofHours(24));
		requireBetween("stall.threshold", stallThreshold, Duration.ofMillis(1), Duration.ofMinutes(1));
	}

	private static void requireBetween(String setting, Duration value, Duration least, Duration most) {
		if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
			throw new InvalidSettingException(setting, value, "must be from %s to %s", least, most);
		}
	}

}
