package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the meters in Spring Boot's metrics endpoint.
 */
class MetricsEndpointIntegrationTests {

	private final ConfigurableApplicationContext context = BlockableApplication
		.run("management.endpoints.web.exposure.include=metrics");

	private final Visitor visitor = Visitor.of(this.context);

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void lagShouldBeThatOfTheRequestedLoop() {
		String blocked = this.visitor.loop();
		this.visitor.block(Duration.ofMillis(400));
		String ofLoop = "/actuator/metrics/eventloop.lag?tag=name:" + blocked;
		// A meter is registered with the first second of its loop.
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> this.visitor.status(ofLoop) == 200);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(lag("?tag=name:" + blocked).get("MAX")).isGreaterThan(0.3));
		JsonNode ofOne = this.visitor.json(ofLoop);
		assertThat(ofOne.get("baseUnit").asString()).isEqualTo("seconds");
		assertThat(ofOne.at("/availableTags").valueStream().map((tag) -> tag.get("tag").asString()))
			.containsExactly("group");
		assertThat(lag("?tag=name:" + blocked).get("TOTAL_TIME")).isGreaterThan(0);
		assertThat(lag("").get("COUNT")).isGreaterThanOrEqualTo(lag("?tag=name:" + blocked).get("COUNT"));
		assertThat(this.visitor.status("/actuator/metrics/eventloop.lag?tag=name:no-such-loop")).isEqualTo(404);
	}

	@Test
	void shouldListTheMeters() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(
					this.visitor.json("/actuator/metrics").get("names").valueStream().map(JsonNode::asString))
				.contains("eventloop.lag", "eventloop.utilization", "eventloop.stalls", "eventloop.out.of.service"));
	}

	private Map<String, Double> lag(String query) {
		return this.visitor.json("/actuator/metrics/eventloop.lag" + query)
			.get("measurements")
			.valueStream()
			.collect(Collectors.toMap((each) -> each.get("statistic").asString(),
					(each) -> each.get("value").asDouble()));
	}

}
