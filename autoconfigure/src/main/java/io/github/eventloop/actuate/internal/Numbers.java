package io.github.eventloop.actuate.internal;

/**
 * Conversion of numbers in responses to the unit in the name of the field, without
 * insignificant digits.
 */
final class Numbers {

	private Numbers() {
	}

	/** Convert to milliseconds, rounded to the microsecond. */
	static double millis(long nanos) {
		return Math.round(nanos / 1e3) / 1e3;
	}

	/** Convert to seconds, rounded to the microsecond. */
	static double seconds(long nanos) {
		return Math.round(nanos / 1e3) / 1e6;
	}

	/** Round to a hundredth of a percent. */
	static double share(double share) {
		return Math.round(share * 1e4) / 1e4;
	}

}
