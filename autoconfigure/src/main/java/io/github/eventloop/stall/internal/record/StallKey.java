package io.github.eventloop.stall.internal.record;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;

/**
 * Key by which stalls are grouped into hotspots. A line in code that several handlers
 * share is a hotspot of each of them.
 *
 * @param cause the cause of the stalls
 * @param culprit the culprit, or {@code null} if there is none
 * @param entry the entry point into the application, or {@code null}
 * @param doing what the loop was doing in a stall without a culprit, or {@code null}
 */
public record StallKey(StallCause cause, @Nullable Culprit culprit, @Nullable Culprit entry, @Nullable Culprit doing) {

	public static StallKey of(Stall stall) {
		return new StallKey(stall.cause(), stall.code().culprit(), stall.code().entry(), stall.code().doing());
	}

}
