package io.github.eventloop.stall;

import org.jspecify.annotations.Nullable;

/**
 * What stalls of one hotspot have in common. A line in code that several handlers share
 * is a hotspot of each of them.
 *
 * @param cause why they stalled
 * @param culprit the line to blame, or {@code null} if there is none
 * @param entry where the application was entered, or {@code null}
 * @param doing what a stall without a culprit was doing, or {@code null}
 */
record StallKey(StallCause cause, @Nullable Culprit culprit, @Nullable Culprit entry, @Nullable Culprit doing) {

	static StallKey of(Stall stall) {
		return new StallKey(stall.cause(), stall.culprit(), stall.entry(), stall.doing());
	}

}
