package io.github.eventloop.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that event loops contribute to the health of a servlet application on request.
 */
@Tag("servlet")
class ServletReadinessIntegrationTests {

	@Test
	void whenReadinessIsRequestedShouldContribute() {
		try (ConfigurableApplicationContext asked = ServletClientApplication.run("eventloop.readiness.enabled=true",
				"eventloop.liveness.enabled=true", "management.endpoint.health.probes.enabled=true",
				"management.endpoint.health.show-components=always")) {
			assertThat(Visitor.of(asked).json("/actuator/health").at("/components").propertyNames())
				.contains("eventLoop", "eventLoopLiveness");
			HealthEndpointGroups groups = asked.getBean(HealthEndpointGroups.class);
			assertThat(groups.get("readiness").isMember("eventLoop")).isTrue();
			assertThat(groups.get("liveness").isMember("eventLoopLiveness")).isTrue();
			assertThat(Visitor.of(asked).status("/actuator/health/readiness")).isEqualTo(200);
			assertThat(asked.getBean(MeterRegistry.class).find("eventloop.out.of.service").meter()).isNotNull();
		}
	}

}
