package io.github.eventloop.blocking;

import java.time.Duration;

import io.github.eventloop.monitor.InvalidSettingException;

/**
 * What is looked for.
 *
 * @param threshold shorter calls are left out where the detector knows the length, from 0
 * to 1 minute
 * @since 0.1.0
 */
public record BlockingSettings(Duration threshold) {

	/**
	 * Calls of 1 millisecond or more.
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
