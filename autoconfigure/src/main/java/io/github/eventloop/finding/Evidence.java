package io.github.eventloop.finding;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Culprit;

/**
 * Figures that a {@link Finding} is based on. Immutable.
 *
 * @param since the first time that it was observed in the period of the findings; it may
 * have begun earlier. {@code null} if the time is not known
 * @param lastSeenAt the last time that it was observed
 * @param loops the names of the affected loops, most affected first; empty if it affects
 * the process rather than some loops
 * @param figures further figures, as phrases without details from code and requests
 * @param stalls the stalls that belong to it, or {@code null} if it is not about stalls
 * @param code the details from code and requests, or {@code null} if there are none
 * @since 0.1.0
 */
public record Evidence(@Nullable Instant since, Instant lastSeenAt, List<String> loops, List<String> figures,
		@Nullable Stalls stalls, @Nullable Code code) {

	/**
	 * Stalls in the period of the findings. Immutable.
	 *
	 * @param count their number
	 * @param inProgress the number of those that are still in progress
	 * @param total their total duration
	 * @param max the duration of the longest
	 * @param lagShare the share of the lag of all stalls that they explain, 0..1
	 * @param maxInFlightRequests the largest number of requests that waited on a stalled
	 * loop, including the one that was executed
	 * @param lastStallId the {@link io.github.eventloop.stall.Stall#id() id} of the
	 * newest
	 * @since 0.1.0
	 */
	public record Stalls(int count, int inProgress, Duration total, Duration max, double lagShare,
			int maxInFlightRequests, long lastStallId) {
	}

	/**
	 * Details from code and requests, which are not for everybody to see. Immutable.
	 *
	 * @param culprit the line that caused it, or {@code null} if there is none
	 * @param entry the outermost frame of the application around the culprit, or
	 * {@code null} if there is none
	 * @param routes the route templates of up to five affected requests
	 * @param notes further details, such as the owner of a lock, as phrases
	 * @param advice how to cure this code in particular, or {@code null} if there is no
	 * such advice
	 * @since 0.1.0
	 */
	public record Code(@Nullable Culprit culprit, @Nullable Culprit entry, List<String> routes, List<String> notes,
			@Nullable String advice) {
	}

}
