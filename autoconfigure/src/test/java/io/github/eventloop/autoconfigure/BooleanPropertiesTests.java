package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;
import reactor.netty.http.HttpResources;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for all boolean properties in the configuration metadata, whether they are read
 * by a condition or bound to configuration properties: a value has the same meaning for
 * all of them, and a value that is not a boolean is reported in the same way.
 */
class BooleanPropertiesTests {

	private final ReactiveWebApplicationContextRunner application = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
				ApplicationAvailabilityAutoConfiguration.class, EndpointAutoConfiguration.class,
				MetricsAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
		.withConfiguration(Library.autoConfigurations())
		.withUserConfiguration(EventLoopManagementContextConfiguration.class,
				EventLoopHandlerMappingConfiguration.class)
		.withPropertyValues("management.endpoints.web.exposure.include=health,eventloop",
				"spring.reactor.netty.shutdown-quiet-period=0s");

	@AfterEach
	void disposeGlobalResources() {
		HttpResources.disposeLoopsAndConnectionsLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	@Test
	void shouldFindProperties() throws IOException {
		assertThat(properties()).contains("eventloop.enabled", "eventloop.readiness.enabled",
				"eventloop.management.isolated", "eventloop.acceptor.dedicated");
	}

	@ParameterizedTest
	@MethodSource("properties")
	void whenValueIsNotABooleanShouldReportItAsBootDoes(String property) {
		this.application.withPropertyValues(property + "=maybe").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(analysis(context.getStartupFailure()))
				.contains("Failed to bind properties under '" + property + "' to boolean:")
				.contains("Value: \"maybe\"")
				.contains("Reason: failed to convert");
		});
	}

	@ParameterizedTest
	@MethodSource("properties")
	void synonymsShouldMeanTheSame(String property) {
		List<String> on = beans(property + "=true");
		List<String> off = beans(property + "=false");
		assertThat(beans(property + "=on")).isEqualTo(on);
		assertThat(beans(property + "=Yes")).isEqualTo(on);
		assertThat(beans(property + "=OFF")).isEqualTo(off);
		assertThat(beans(property + "=0")).isEqualTo(off);
	}

	private List<String> beans(String property) {
		List<String> beans = new ArrayList<>();
		this.application.withPropertyValues(property).run((context) -> {
			assertThat(context).hasNotFailed();
			beans.addAll(Arrays.asList(context.getBeanDefinitionNames()));
		});
		return beans;
	}

	private static String analysis(Throwable failure) {
		for (FailureAnalyzer analyzer : SpringFactoriesLoader.forDefaultResourceLocation(null)
			.load(FailureAnalyzer.class,
					SpringFactoriesLoader.FailureHandler.logging(LogFactory.getLog(BooleanPropertiesTests.class)))) {
			FailureAnalysis analysis = analyzer.analyze(failure);
			if (analysis != null) {
				assertThat(analysis.getCause()).isInstanceOf(BindException.class);
				return analysis.getDescription();
			}
		}
		throw new AssertionError("No failure analyzer reports this failure", failure);
	}

	static List<String> properties() throws IOException {
		List<String> properties = new ArrayList<>();
		ClassLoader loader = BooleanPropertiesTests.class.getClassLoader();
		for (URL url : Collections.list(loader.getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream metadata = url.openStream()) {
				JsonMapper.shared()
					.readTree(metadata)
					.get("properties")
					.valueStream()
					.filter((property) -> property.path("type").asString("").equals("java.lang.Boolean"))
					.map((property) -> property.get("name"))
					.map(JsonNode::asString)
					.filter((name) -> name.startsWith("eventloop."))
					.forEach(properties::add);
			}
		}
		return properties;
	}

}
