package io.github.eventloop.benchmarks.soak;

import java.time.Instant;

import tools.jackson.databind.JsonNode;

/**
 * A stall as reported by the endpoint.
 *
 * @param id its ID
 * @param startMillis when it began, in milliseconds since 1970
 * @param durationMillis its duration
 * @param cause its cause
 * @param culprit the class of its culprit, or empty
 */
record ReportedStall(long id, long startMillis, double durationMillis, String cause, String culprit) {

	static ReportedStall of(JsonNode stall) {
		return new ReportedStall(stall.get("id").asLong(),
				Instant.parse(stall.get("startedAt").asString()).toEpochMilli(), stall.get("durationMillis").asDouble(),
				stall.get("cause").asString(), stall.at("/culprit/className").asString(""));
	}

}
