package io.github.eventloop.blocking;

import java.time.Duration;

import io.github.eventloop.monitor.InvalidSettingException;

/**
 * Settings of a {@link BlockingDetector}.
 *
 * @param threshold the shortest call to detect, from 0 to 1 minute; it has no effect if
 * the detector does not measure the length of calls
 * @since 0.1.0
 */
public record BlockingSettings(Duration threshold) {

	/**
	 * Default settings, with a threshold of 1 millisecond.
	 */
	public static final BlockingSettings DEFAULT = new BlockingSettings(Duration.ofMillis(1));

	/**
	 * Create the settings.
	 * @throws InvalidSettingException if the threshold is out of its range
	 */
	public BlockingSettings {
		if (threshold.isNegative() || threshold.compareTo(Duration.ofMinutes(1)) > 0) {
			throw new InvalidSettingException("threshold", threshold, "must be from %s to %s", Duration.ZERO,
					Duration.ofMinutes(1));
		}
	}

}
