package io.github.eventloop.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The stalls of one cause, culprit and entry, those in progress included. Immutable.
 *
 * @param cause why they stalled
 * @param culprit the line to blame, or {@code null} if there is none
 * @param entry the outermost frame of the application around it, or {@code null} if there
 * is none
 * @param doing the innermost method of a framework that most samples share, where there
 * is no culprit; or {@code null}
 * @param count how many there were
 * @param total how long they took together
 * @param max how long the longest took
 * @param lastSeenAt when the newest ended, or was seen in progress
 * @param lastStallId the {@link Stall#id() id} of the newest
 * @param maxInFlightRequests the most requests that were in flight on a loop that stalled
 * @param routes the templates of the routes of requests that were executed, up to five
 * @param advice what to do about it, in a sentence
 * @since 0.1.0
 */
public record Hotspot(StallCause cause, @Nullable Culprit culprit, @Nullable Culprit entry, @Nullable Culprit doing,
		long count, Duration total, Duration max, Instant lastSeenAt, long lastStallId, int maxInFlightRequests,
		List<String> routes, String advice) {

}
