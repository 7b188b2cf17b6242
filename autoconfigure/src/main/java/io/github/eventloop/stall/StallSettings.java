package io.github.eventloop.stall;

import java.time.Duration;

import io.github.eventloop.monitor.InvalidSettingException;

/**
 * How stalls are looked at and told of.
 *
 * @param sampleInterval the time between two looks at one stall, from 1 millisecond to 10
 * seconds; a stall that lasts is looked at more and more rarely
 * @param logInterval for how long a hotspot that was logged is not logged again, 0 or
 * from 1 second to 24 hours
 * @since 0.1.0
 */
public record StallSettings(Duration sampleInterval, Duration logInterval) {

	/**
	 * A look every 20 milliseconds, a line a minute.
	 */
	public static final StallSettings DEFAULT = new StallSettings(Duration.ofMillis(20), Duration.ofMinutes(1));

	/**
	 * Create the settings.
	 * @throws InvalidSettingException if one of them is out of its range
	 */
	public StallSettings {
		requireBetween("stall.sample-interval", sampleInterval, "", Duration.ofMillis(1), Duration.ofSeconds(10));
		if (!logInterval.isZero()) {
			requireBetween("stall.log-interval", logInterval, "0 or ", Duration.ofSeconds(1), Duration.ofHours(24));
		}
	}

	private static void requireBetween(String setting, Duration value, String exception, Duration least,
			Duration most) {
		if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
			throw new InvalidSettingException(setting, value, "must be " + exception + "from %s to %s", least, most);
		}
	}

}
