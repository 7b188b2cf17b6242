package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.HttpResources;

import io.github.eventloop.actuate.ShowDetails;
import io.github.eventloop.actuate.internal.ApplicationDescriptor;
import io.github.eventloop.actuate.internal.Details;
import io.github.eventloop.actuate.internal.EventLoopEndpoint;
import io.github.eventloop.actuate.internal.EventLoopEndpointJmxExtension;
import io.github.eventloop.actuate.internal.EventLoopEndpointWebExtension;
import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.finding.FindingDetector;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.stall.Drill;
import io.github.eventloop.stall.StallDetector;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventLoopEndpointAutoConfiguration}.
 */
class EventLoopEndpointAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withPropertyValues("management.endpoints.web.exposure.include=eventloop")
		.withConfiguration(
				AutoConfigurations.of(EventLoopAutoConfiguration.class, EventLoopEndpointAutoConfiguration.class));

	@AfterEach
	void disposeGlobalResources() {
		HttpResources.disposeLoopsAndConnectionsLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	@Test
	void runWhenExposedShouldHaveEndpoint() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(EventLoopEndpoint.class));
	}

	@Test
	void runShouldHaveExtensionsForExposedTechnologies() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(EventLoopEndpointWebExtension.class)
			.doesNotHaveBean(EventLoopEndpointJmxExtension.class));
		this.contextRunner
			.withPropertyValues("management.endpoints.web.exposure.include=health", "spring.jmx.enabled=true",
					"management.endpoints.jmx.exposure.include=eventloop")
			.run((context) -> assertThat(context).hasSingleBean(EventLoopEndpointJmxExtension.class)
				.doesNotHaveBean(EventLoopEndpointWebExtension.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.endpoints.web.exposure.include=health",
			"management.endpoints.web.exposure.exclude=eventloop", "management.endpoint.eventloop.access=NONE",
			"management.endpoints.access.default=NONE", "eventloop.enabled=false" })
	void runWhenNotAvailableShouldNotHaveEndpoint(String property) {
		this.contextRunner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EventLoopEndpoint.class));
	}

	@Test
	void runWhenNotExposedShouldExplainInTheConditionReport() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(ConditionEvaluationReport.get(context.getBeanFactory())
				.getConditionAndOutcomesBySource()
				.get(EventLoopEndpointAutoConfiguration.EndpointConfiguration.class.getName())).isNotNull()
				.anySatisfy((outcome) -> assertThat(outcome.getOutcome().getMessage())
					.contains("@ConditionalOnAvailableEndpoint")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.boot.actuate", "org.springframework.boot.actuate.autoconfigure" })
	void runWhenActuatorIsMissingShouldNotHaveEndpoint(String packageName) {
		this.contextRunner.withClassLoader(new FilteredClassLoader(packageName)).run((context) -> {
			assertThat(context).hasNotFailed()
				.doesNotHaveBean("eventLoopEndpoint")
				.hasSingleBean(EventLoopMonitor.class)
				.hasSingleBean(EventLoopHealth.class);
			assertThat(ConditionEvaluationReport.get(context.getBeanFactory())
				.getConditionAndOutcomesBySource()
				.get(EventLoopEndpointAutoConfiguration.class.getName())).isNotNull()
				.anySatisfy((outcome) -> assertThat(outcome.getOutcome().getMessage())
					.contains("did not find required class", "ConditionalOnAvailableEndpoint"));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.boot.health", "org.springframework.boot.micrometer",
			"io.micrometer.core", "org.springframework.web.reactive" })
	void runWhenOptionalDependencyIsMissingShouldHaveEndpoint(String packageName) {
		this.contextRunner.withClassLoader(new FilteredClassLoader(packageName))
			.run((context) -> assertThat(context).hasSingleBean(EventLoopEndpoint.class));
	}

	@Test
	void runShouldHaveNoDrillUnlessItIsEnabled() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(Drill.class));
		this.contextRunner.withPropertyValues("eventloop.drill.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(Drill.class));
	}

	@Test
	void runWhenShowDetailsIsUnknownShouldReportIt() {
		this.contextRunner.withPropertyValues("management.endpoint.eventloop.show-details=sometimes")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("sometimes")
				.hasMessageContaining("Show"));
	}

	@Test
	void runWhenUserHasOwnEndpointShouldBackOff() {
		this.contextRunner.withUserConfiguration(OwnEndpointConfiguration.class)
			.run((context) -> assertThat(context).hasSingleBean(EventLoopEndpoint.class).hasBean("ownEndpoint"));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEndpointConfiguration {

		@Bean
		EventLoopEndpoint ownEndpoint(EventLoopMonitor monitor, EventLoopHealth health, StallDetector stalls,
				BlockingCalls blocking, FindingDetector findings) {
			return new EventLoopEndpoint(monitor, health, stalls, blocking, "none", findings,
					new Details(ShowDetails.ALWAYS, Set.of()),
					new ApplicationDescriptor(null, Instant.EPOCH, null, null));
		}

	}

}
