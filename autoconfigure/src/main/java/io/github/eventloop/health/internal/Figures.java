package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.Locale;

/**
 * Formatting of numbers in reasons and details.
 */
public final class Figures {

	private Figures() {
	}

	/** Format as {@code 0.4 ms} or {@code 312 ms}. */
	public static String millis(long nanos) {
		return millis(Duration.ofNanos(nanos));
	}

	public static String millis(Duration duration) {
		double millis = toSeconds(duration) * 1e3;
		boolean whole = Math.abs(millis - Math.rint(millis)) < 0.05;
		// Without a Formatter, because a reason is worded every second.
		return (millis < 10 && !whole) ? Math.round(millis * 10) / 10.0 + " ms" : Math.round(millis) + " ms";
	}

	/** Format as {@code 3.2 s} or {@code 10 s}. */
	public static String seconds(Duration duration) {
		double tenths = Math.rint(toSeconds(duration) * 10);
		return (tenths % 10 == 0) ? Math.round(tenths / 10) + " s" : String.format(Locale.ROOT, "%.1f s", tenths / 10);
	}

	/** Format as {@code 4 s}. */
	static String wholeSeconds(Duration duration) {
		return Math.round(toSeconds(duration)) + " s";
	}

	/** Convert without overflow, unlike all conversions of {@link Duration}. */
	private static double toSeconds(Duration duration) {
		return duration.toSeconds() + duration.toNanosPart() / 1e9;
	}

	/** Format as {@code 0.98}. */
	static String share(double share) {
		return String.format(Locale.ROOT, "%.2f", share);
	}

	/** Convert to milliseconds, rounded to the microsecond. */
	public static double roundedMillis(long nanos) {
		return Math.round(nanos / 1e3) / 1e3;
	}

	/** Round to three decimals. */
	public static double rounded(double value) {
		return Math.round(value * 1e3) / 1e3;
	}

}
