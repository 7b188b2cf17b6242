package io.github.eventloop.monitor;

import java.time.Duration;

/**
 * Settings of an {@link EventLoopMonitor}.
 *
 * @param window the window of lag and utilization, from 1 second to 10 minutes
 * @param history the length of the {@link EventLoopMonitor#history()}, from the window to
 * 24 hours
 * @param stallThreshold the length above which an iteration is a stall, from 1
 * millisecond to 1 minute
 * @since 0.1.0
 */
public record MonitorSettings(Duration window, Duration history, Duration stallThreshold) {

	/**
	 * Default settings: a window of 10 seconds, a history of 15 minutes, and a stall
	 * threshold of 100 milliseconds.
	 */
	public static final MonitorSettings DEFAULT = new MonitorSettings(Duration.ofSeconds(10), Duration.ofMinutes(15),
			Duration.ofMillis(100));

	/**
	 * Create the settings.
	 * @throws InvalidSettingException if a setting is out of range
	 */
	public MonitorSettings {
		// At least a second, because the monitor stores whole seconds.
		requireBetween("window", window, Duration.ofSeconds(1), Duration.ofMinutes(10));
		requireBetween("history", history, window, Duration.ofHours(24));
		requireBetween("stall.threshold", stallThreshold, Duration.ofMillis(1), Duration.ofMinutes(1));
	}

	private static void requireBetween(String setting, Duration value, Duration min, Duration max) {
		if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
			throw new InvalidSettingException(setting, value, "must be from %s to %s", min, max);
		}
	}

}
