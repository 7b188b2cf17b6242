package io.github.eventloop.benchmarks.soak;

import java.time.Instant;

import tools.jackson.databind.JsonNode;

/**
 * A stall that the endpoint tells of.
 *
 * @param id its id
 * @param startMillis when it began, in milliseconds since 1970
 * @param durationMillis how long it took
 * @param cause its cause
 * @param culprit the class to blame, or empty
 */
record SeenStall(long id, long startMillis, double durationMillis, String cause, String culprit) {

	static SeenStall of(JsonNode stall) {
		return new SeenStall(stall.get("id").asLong(), Instant.parse(stall.get("startedAt").asString()).toEpochMilli(),
				stall.get("durationMillis").asDouble(), stall.get("cause").asString(),
				stall.at("/culprit/className").asString(""));
	}

}
