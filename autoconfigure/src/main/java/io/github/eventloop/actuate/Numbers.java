package io.github.eventloop.actuate;

/**
 * Numbers as people read them: in the unit that the field's name says, without digits
 * that mean nothing.
 */
final class Numbers {

	private Numbers() {
	}

	/** To the microsecond. */
	static double millis(long nanos) {
		return Math.round(nanos / 1e3) / 1e3;
	}

	/** To the microsecond. */
	static double seconds(long nanos) {
		return Math.round(nanos / 1e3) / 1e6;
	}

	/** To a hundredth of a percent. */
	static double share(double share) {
		return Math.round(share * 1e4) / 1e4;
	}

}
