package io.github.eventloop.autoconfigure;

import java.net.http.HttpResponse;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.actuate.ShowDetails;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for access to the endpoint, and for its details, in an application without Spring
 * Security.
 */
class DetailsIntegrationTests {

	private static final String STALLS = "/actuator/eventloop/stalls";

	private ConfigurableApplicationContext context;

	@AfterEach
	void close() {
		this.context.close();
	}

	@ParameterizedTest
	@CsvSource({ "WHEN_AUTHORIZED, shown to authorized users only", "NEVER, shown to no one" })
	void whenDetailsAreNotShownShouldShowNumbersAndTheReason(ShowDetails show, String reason) {
		assertThat(ClassUtils.isPresent("org.springframework.security.core.Authentication", null)).isFalse();
		Visitor visitor = start("management.endpoint.eventloop.show-details=" + show);
		// On a busy machine, a single stall may be starved of CPU instead.
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			visitor.block(Duration.ofMillis(200));
			return visitor.json(STALLS)
				.get("stalls")
				.valueStream()
				.anyMatch((stall) -> stall.get("cause").asString().equals("SLEEPING")
						&& !stall.get("inProgress").asBoolean());
		});
		JsonNode stalls = visitor.json(STALLS);
		assertThat(stalls.get("hint").asString()).contains(reason, "management.endpoint.eventloop.show-details");
		assertThat(stalls.get("stalls").valueStream()).allSatisfy((stall) -> assertThat(stall.propertyNames())
			.filteredOn((name) -> !name.equals("starvedBy"))
			.containsExactly("id", "loop", "group", "startedAt", "durationMillis", "inProgress", "cause",
					"inFlightRequests", "cpuMillis", "gcMillis", "starvedMillis", "events", "tasksStarted", "samples"));
		JsonNode stall = visitor.json(STALLS + "/" + stalls.at("/stalls/0/id").asString());
		assertThat(stall.propertyNames()).contains("samples", "hint")
			.doesNotContain("culprit", "lockOwner", "route", "traceId", "advice", "stack", "stacks");
		JsonNode hotspots = visitor.json("/actuator/eventloop/hotspots");
		assertThat(hotspots.get("hint")).isEqualTo(stalls.get("hint"));
		assertThat(hotspots.get("hotspots").valueStream()).isNotEmpty()
			.allSatisfy((hotspot) -> assertThat(hotspot.propertyNames()).containsExactly("cause", "count",
					"totalMillis", "maxMillis", "lastSeenAt", "lastStallId", "maxInFlightRequests"));
		assertThat(visitor.json("/actuator/eventloop/blocking").get("hint")).isEqualTo(stalls.get("hint"));
		HttpResponse<String> text = visitor.send("GET", STALLS, "", "Accept", "text/plain");
		assertThat(text.statusCode()).isEqualTo(403);
		assertThat(text.body()).contains(reason, "management.endpoint.eventloop.show-details");
	}

	@Test
	void whenDrillsAreNotEnabledShouldExplainHowToEnableThem() {
		Visitor visitor = start();
		HttpResponse<String> response = visitor.send("POST", "/actuator/eventloop/drill", "{\"millis\":5}",
				"Content-Type", "application/json");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.body()).contains("eventloop.drill.enabled=true");
	}

	@Test
	void whenAccessIsReadOnlyShouldOnlyAllowReading() {
		Visitor visitor = start("management.endpoint.eventloop.access=read-only", "eventloop.drill.enabled=true");
		assertThat(visitor.status(STALLS)).isEqualTo(200);
		assertThat(visitor.send("DELETE", STALLS, "").statusCode()).isEqualTo(405);
		assertThat(
				visitor.send("POST", "/actuator/eventloop/drill", "{\"millis\":5}", "Content-Type", "application/json")
					.statusCode())
			.isEqualTo(405);
	}

	private Visitor start(String... properties) {
		this.context = BlockableApplication.run(properties);
		return Visitor.of(this.context);
	}

}
