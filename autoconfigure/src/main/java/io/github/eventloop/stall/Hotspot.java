package io.github.eventloop.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The stalls with the same cause, culprit and entry point, including stalls in progress.
 * Immutable.
 *
 * @param cause the cause of the stalls
 * @param culprit the culprit, or {@code null} if there is none
 * @param entry the outermost frame of the application around the culprit, or {@code null}
 * if there is none
 * @param doing the innermost framework method that most samples share, if there is no
 * culprit; otherwise {@code null}
 * @param count the number of stalls
 * @param total the total duration of the stalls
 * @param max the duration of the longest stall
 * @param lastSeenAt when the newest stall ended, or was last seen in progress
 * @param lastStallId the {@link Stall#id() id} of the newest stall
 * @param maxInFlightRequests the maximum number of requests in flight on a stalled loop
 * @param routes the route templates of up to five of the executed requests
 * @param advice what to do about the stalls
 * @since 0.1.0
 */
public record Hotspot(StallCause cause, @Nullable Culprit culprit, @Nullable Culprit entry, @Nullable Culprit doing,
		long count, Duration total, Duration max, Instant lastSeenAt, long lastStallId, int maxInFlightRequests,
		List<String> routes, String advice) {

}
