package io.github.eventloop.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.netty.http.HttpResources;

import io.github.eventloop.actuate.internal.EventLoopEndpoint;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application starts, and that its endpoint answers, when any part of the
 * library is excluded, also with a monitor of the user, and that nothing is left when the
 * library is disabled.
 */
class ExclusionTests {

	private static final List<String> VIEWS = List.of("", "/diagnosis", "/history", "/stalls", "/hotspots", "/blocking",
			"/captures", "/live");

	/** Enables all optional features. */
	private final ReactiveWebApplicationContextRunner context = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
				ApplicationAvailabilityAutoConfiguration.class, EndpointAutoConfiguration.class,
				WebEndpointAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
				HealthContributorAutoConfiguration.class, HealthEndpointAutoConfiguration.class,
				AvailabilityProbesAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=health,eventloop",
				"spring.reactor.netty.shutdown-quiet-period=0s", "eventloop.liveness.enabled=true",
				"eventloop.shedding.enabled=true", "eventloop.workers.enabled=true", "eventloop.drill.enabled=true",
				"eventloop.capture.enabled=true", "management.endpoint.eventloop.show-details=always");

	/** Adds WebFlux, which handles requests. */
	private final ReactiveWebApplicationContextRunner application = this.context.withConfiguration(AutoConfigurations
		.of(HttpHandlerAutoConfiguration.class, WebFluxAutoConfiguration.class, JacksonAutoConfiguration.class,
				CodecsAutoConfiguration.class, ManagementContextAutoConfiguration.class));

	@AfterEach
	void disposeGlobalResources() {
		HttpResources.disposeLoopsAndConnectionsLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	@Test
	void whenNothingIsExcludedEndpointShouldAnswer() {
		this.application.withConfiguration(Library.autoConfigurations()).run((context) -> {
			assertThatEndpointAnswers(context);
			assertThat(body(client(context), "")).contains("\"status\"");
		});
	}

	@ParameterizedTest
	@MethodSource("classes")
	void whenOneIsExcludedEndpointShouldAnswer(Class<?> excluded) {
		this.application.withConfiguration(Library.autoConfigurations(excluded)).run((context) -> {
			if (excluded == EventLoopAutoConfiguration.class || excluded == EventLoopEndpointAutoConfiguration.class) {
				assertThat(context).hasNotFailed().doesNotHaveBean("eventLoopEndpoint");
			}
			else {
				assertThatEndpointAnswers(context);
			}
		});
	}

	@ParameterizedTest
	@MethodSource("classes")
	void whenOneIsExcludedAndTheLibraryIsDisabledShouldStart(Class<?> excluded) {
		this.application.withConfiguration(Library.autoConfigurations(excluded))
			.withPropertyValues("eventloop.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("eventLoopEndpoint"));
	}

	@Test
	void whenUserHasMonitorEndpointShouldAnswer() {
		this.application.withConfiguration(Library.autoConfigurations())
			.withUserConfiguration(OwnMonitorConfiguration.class)
			.run(ExclusionTests::assertThatEndpointAnswers);
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void whenTwoAreExcludedAndTheLibraryIsDisabledShouldHaveNoBeans(Class<?> first, Class<?> second) {
		this.context.withConfiguration(Library.autoConfigurations(first, second))
			.withPropertyValues("eventloop.enabled=false")
			.withUserConfiguration(OwnMonitorConfiguration.class, EventLoopManagementContextConfiguration.class,
					EventLoopHandlerMappingConfiguration.class, EventLoopEndpointFilterConfiguration.class)
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(EventLoopMonitor.class);
				assertThat(context.getBeanDefinitionNames()).noneMatch((name) -> name.startsWith("eventLoop"));
			});
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void whenTwoAreExcludedAndUserHasMonitorShouldHaveEndpoint(Class<?> first, Class<?> second) {
		this.context.withConfiguration(Library.autoConfigurations(first, second))
			.withUserConfiguration(OwnMonitorConfiguration.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				if (first != EventLoopEndpointAutoConfiguration.class
						&& second != EventLoopEndpointAutoConfiguration.class) {
					assertThat(context.getBean(EventLoopEndpoint.class).eventLoops()).isNotNull();
				}
			});
	}

	@Test
	void whenThereIsOnlyAMonitorShouldReportThatThereIsNoStatus() {
		this.application.withConfiguration(Library.autoConfigurations(EventLoopAutoConfiguration.class))
			.withUserConfiguration(OwnMonitorConfiguration.class)
			.run((context) -> assertThat(body(client(context), "")).doesNotContain("\"status\"")
				.contains("not judged"));
	}

	static List<Class<?>> classes() {
		return Library.classes();
	}

	/** Includes pairs of the same class, which is then excluded alone. */
	static Stream<Arguments> pairs() {
		List<Class<?>> classes = Library.classes();
		return IntStream.range(0, classes.size())
			.boxed()
			.flatMap((i) -> classes.subList(i, classes.size())
				.stream()
				.map((other) -> Arguments.of(classes.get(i), other)));
	}

	private static void assertThatEndpointAnswers(AssertableReactiveWebApplicationContext context) {
		assertThat(context).hasNotFailed();
		WebTestClient client = client(context);
		VIEWS.forEach((view) -> assertThat(body(client, view)).startsWith("{"));
	}

	private static WebTestClient client(AssertableReactiveWebApplicationContext context) {
		return WebTestClient.bindToApplicationContext(context)
			.configureClient()
			.responseTimeout(Duration.ofSeconds(30))
			.build();
	}

	private static String body(WebTestClient client, String view) {
		byte[] body = client.get()
			.uri("/actuator/eventloop" + view)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult()
			.getResponseBody();
		assertThat(body).isNotNull();
		return new String(body, StandardCharsets.UTF_8);
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMonitorConfiguration {

		@Bean
		EventLoopMonitor ownMonitor() {
			return new EventLoopMonitor(MonitorSettings.DEFAULT);
		}

	}

}
