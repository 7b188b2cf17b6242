package io.github.eventloop.jfr.internal;

import java.util.Locale;

/**
 * What causes a capture to be written.
 */
public enum CaptureTrigger {

	/**
	 * A stall was longer than the threshold of captures.
	 */
	STALL,

	/**
	 * The status became {@code OVERLOADED}.
	 */
	OVERLOADED,

	/**
	 * The status became {@code STUCK}.
	 */
	STUCK;

	/** Return the trigger as part of a file name. */
	String id() {
		return name().toLowerCase(Locale.ROOT);
	}

	static CaptureTrigger of(String id) {
		return valueOf(id.toUpperCase(Locale.ROOT));
	}

}
