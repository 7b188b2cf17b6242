package io.github.eventloop.stall;

import java.time.Duration;

import io.github.eventloop.monitor.InvalidSettingException;

/**
 * Settings of stall detection and of the stall log.
 *
 * @param sampleInterval the time between two samples of one stall, from 1 millisecond to
 * 10 seconds; long stalls are sampled less and less often
 * @param logInterval how long a hotspot that was logged is not logged again, 0 or from 1
 * second to 24 hours
 * @since 0.1.0
 */
public record StallSettings(Duration sampleInterval, Duration logInterval) {

	/**
	 * The defaults: a sample every 20 milliseconds, and a line per hotspot and minute.
	 */
	public static final StallSettings DEFAULT = new StallSettings(Duration.ofMillis(20), Duration.ofMinutes(1));

	/**
	 * Create the settings.
	 * @throws InvalidSettingException if one of them is out of its range
	 */
	public StallSettings {
		requireBetween("sampleInterval", sampleInterval, "", Duration.ofMillis(1), Duration.ofSeconds(10));
		if (!logInterval.isZero()) {
			requireBetween("logInterval", logInterval, "0 or ", Duration.ofSeconds(1), Duration.ofHours(24));
		}
	}

	private static void requireBetween(String setting, Duration value, String alternative, Duration min, Duration max) {
		if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
			throw new InvalidSettingException(setting, value, "must be " + alternative + "from %s to %s", min, max);
		}
	}

}
