package io.github.eventloop.actuate.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.stall.Hotspot;
import io.github.eventloop.stall.StallCause;

/**
 * Stalls grouped by cause, culprit and entry.
 *
 * @param hotspots the groups, those with the longest total time first
 * @param hint how to see details; left out where they are shown
 */
@JsonPropertyOrder({ "hotspots", "hint" })
public record HotspotsDescriptor(List<HotspotDescriptor> hotspots,
		@Nullable String hint) implements OperationResponseBody {

	static HotspotsDescriptor of(List<Hotspot> hotspots, @Nullable String hint) {
		return new HotspotsDescriptor(
				Extent.of(hint).first(hotspots).map((hotspot) -> HotspotDescriptor.of(hotspot, hint == null)).toList(),
				hint);
	}

	/**
	 * The stalls of one cause, culprit and entry. Details are left out for readers that
	 * are not shown any; see {@link Details}.
	 *
	 * @param cause the cause of the stalls
	 * @param culprit a detail: the line that caused them; left out where there is none
	 * @param entry a detail: the outermost frame of the application around the culprit;
	 * left out where there is none
	 * @param doing a detail: the innermost method of a framework that most samples share;
	 * left out where there is a culprit or nothing was sampled
	 * @param count the number of stalls
	 * @param totalMillis their total duration
	 * @param maxMillis the longest duration
	 * @param lastSeenAt when the newest stall ended, or was seen in progress
	 * @param lastStallId the id of the newest stall
	 * @param maxInFlightRequests the largest number of requests in flight on a stalled
	 * loop
	 * @param routes a detail: the route templates of requests that were executed, up to
	 * five
	 * @param advice a detail: what to do about it; left out where there is no advice
	 */
	@JsonPropertyOrder({ "cause", "culprit", "entry", "doing", "count", "totalMillis", "maxMillis", "lastSeenAt",
			"lastStallId", "maxInFlightRequests", "routes", "advice" })
	public record HotspotDescriptor(StallCause cause, @Nullable CulpritDescriptor culprit,
			@Nullable CulpritDescriptor entry, @Nullable CulpritDescriptor doing, long count, double totalMillis,
			double maxMillis, Instant lastSeenAt, String lastStallId, int maxInFlightRequests,
			@Nullable List<String> routes, @Nullable String advice) {

		static HotspotDescriptor of(Hotspot hotspot, boolean withDetails) {
			boolean advised = withDetails && !hotspot.advice().isEmpty();
			return new HotspotDescriptor(hotspot.cause(), withDetails ? CulpritDescriptor.of(hotspot.culprit()) : null,
					withDetails ? CulpritDescriptor.of(hotspot.entry()) : null,
					withDetails ? CulpritDescriptor.of(hotspot.doing()) : null, hotspot.count(),
					Numbers.millis(hotspot.total().toNanos()), Numbers.millis(hotspot.max().toNanos()),
					hotspot.lastSeenAt().truncatedTo(ChronoUnit.MILLIS), Long.toString(hotspot.lastStallId()),
					hotspot.maxInFlightRequests(), withDetails ? hotspot.routes() : null,
					advised ? hotspot.advice() : null);
		}

	}

}
