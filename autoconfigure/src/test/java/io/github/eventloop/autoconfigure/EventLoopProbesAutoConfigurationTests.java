package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.actuate.web.server.NettyReactiveManagementContextAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.server.context.ServerPortInfoApplicationContextInitializer;
import org.springframework.boot.web.server.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.actuate.endpoint.web.WebFluxHealthEndpointExtensionAutoConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.internal.TestSecond;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventLoopProbesAutoConfiguration}, most of them with a web server.
 */
class EventLoopProbesAutoConfigurationTests {

	private static final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner(
			AnnotationConfigReactiveWebServerApplicationContext::new)
		.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class,
				ApplicationAvailabilityAutoConfiguration.class, JacksonAutoConfiguration.class,
				CodecsAutoConfiguration.class, NettyReactiveWebServerAutoConfiguration.class,
				HttpHandlerAutoConfiguration.class, WebFluxAutoConfiguration.class, EndpointAutoConfiguration.class,
				JacksonEndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				ManagementContextAutoConfiguration.class, NettyReactiveManagementContextAutoConfiguration.class,
				WebFluxHealthEndpointExtensionAutoConfiguration.class, HealthContributorAutoConfiguration.class,
				HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class,
				AvailabilityHealthContributorAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class,
				EventLoopAutoConfiguration.class, EventLoopHealthContributorAutoConfiguration.class,
				EventLoopProbesAutoConfiguration.class))
		.withInitializer(new ServerPortInfoApplicationContextInitializer())
		.withPropertyValues("server.port=0", "server.address=127.0.0.1",
				"spring.reactor.netty.shutdown-quiet-period=0s", "eventloop.health.startup-grace=0s",
				"eventloop.health.leave-within=0s")
		.withBean(EventLoopMonitor.class, UnstartedMonitor::new)
		.withBean(AcceptingTraffic.class)
		.withBean("otherHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build());

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", value = {
	// @formatter:off
			// What the user configured                                            | is a member of readiness
			"-                                                                     | true",
			"eventloop.readiness.enabled=true                                      | true",
			"eventloop.readiness.enabled=false                                     | false",
			"management.endpoint.health.group.readiness.include=readinessState     | false",
			"management.endpoint.health.group.readiness.include=readinessState,eventLoop | true",
			"management.endpoint.health.group.readiness.include=*                  | true",
			"management.endpoint.health.group.readiness.include[0]=readinessState  | false",
			"management.endpoint.health.group.READINESS.include=readinessState     | true",
			"management.endpoint.health.group.readiness.exclude=other              | true",
			"management.endpoint.health.group.readiness.exclude=eventLoop          | false",
			"management.endpoint.health.group.readiness.exclude[0]=eventLoop       | false",
			"management.endpoint.health.group.readiness.include=*;management.endpoint.health.group.readiness.exclude=eventLoop | false",
			"management.endpoint.health.group.readiness.include=readinessState,eventLoop;eventloop.readiness.enabled=false | true",
			"management.endpoint.health.group.readiness.show-details=always        | true",
			"management.endpoint.health.group.readiness.show-details=always;eventloop.readiness.enabled=false | false",
			"management.endpoint.health.group.readiness.additional-path=server:/ready | true",
			"management.endpoint.health.group.liveness.include=livenessState       | true",
			"management.endpoint.health.group.mine.include=other                   | true",
			"management.endpoint.health.probes.add-additional-paths=true           | true"
	// @formatter:on
	})
	void readinessShouldFollowTheConfiguration(String properties, boolean member) {
		withProperties(properties).run((context) -> {
			assertThat(group(context, "readiness").isMember("eventLoop")).isEqualTo(member);
			assertThat(status(context, "/actuator/health/readiness")).isEqualTo(200);
			overload(context);
			assertThat(status(context, "/actuator/health/readiness")).isEqualTo(member ? 503 : 200);
			assertThat(status(context, "/actuator/health/liveness")).isEqualTo(200);
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", value = {
	// @formatter:off
			// What the user configured                                                   | is a member of liveness: eventLoop | eventLoopLiveness
			"-                                                                            | false | false",
			"eventloop.liveness.enabled=true                                              | false | true",
			"management.endpoint.health.group.liveness.show-details=always                | false | false",
			"management.endpoint.health.group.liveness.show-details=always;eventloop.liveness.enabled=true | false | true",
			"management.endpoint.health.group.liveness.exclude=other                      | false | true",
			"management.endpoint.health.group.liveness.include=livenessState              | false | false",
			"management.endpoint.health.group.liveness.include=livenessState;eventloop.liveness.enabled=true | false | true",
			"management.endpoint.health.group.liveness.include=livenessState,eventLoop    | true  | false",
			"management.endpoint.health.group.liveness.include=*                          | true  | false",
			"management.endpoint.health.group.liveness.exclude=eventLoopLiveness;eventloop.liveness.enabled=true | false | false"
	// @formatter:on
	})
	void livenessShouldOnlyIncludeConfiguredMembers(String properties, boolean eventLoop, boolean eventLoopLiveness) {
		withProperties(properties).run((context) -> {
			assertThat(group(context, "liveness").isMember("eventLoop")).isEqualTo(eventLoop);
			assertThat(group(context, "liveness").isMember("eventLoopLiveness")).isEqualTo(eventLoopLiveness);
			assertThat(status(context, "/actuator/health/liveness")).isEqualTo(200);
			stuck(context, Duration.ofSeconds(59));
			assertThat(status(context, "/actuator/health/liveness")).isEqualTo(eventLoop ? 503 : 200);
		});
	}

	@Test
	void whenLivenessIsEnabledShouldBreakWithALoopStuckForLong() {
		this.contextRunner.withPropertyValues("eventloop.liveness.enabled=true").run((context) -> {
			stuck(context, Duration.ofSeconds(59));
			assertThat(status(context, "/actuator/health/liveness")).isEqualTo(200);
			stuck(context, Duration.ofSeconds(60));
			assertThat(status(context, "/actuator/health/liveness")).isEqualTo(503);
		});
	}

	@Test
	void whenLivenessIsNotEnabledShouldNotBreak() {
		this.contextRunner.run((context) -> {
			stuck(context, Duration.ofHours(1));
			assertThat(status(context, "/actuator/health/liveness")).isEqualTo(200);
			assertThat(status(context, "/actuator/health/readiness")).isEqualTo(503);
		});
	}

	@Test
	void readinessShouldRecover() {
		this.contextRunner.withPropertyValues("eventloop.health.recover-after=1s").run((context) -> {
			overload(context);
			assertThat(status(context, "/actuator/health/readiness")).isEqualTo(503);
			second(context, TestSecond.at(3));
			assertThat(status(context, "/actuator/health/readiness")).isEqualTo(200);
		});
	}

	@Test
	void whenIndicatorIsDisabledShouldNotChangeReadiness() {
		this.contextRunner.withPropertyValues("management.health.eventloop.enabled=false").run((context) -> {
			overload(context);
			assertThat(status(context, "/actuator/health/readiness")).isEqualTo(200);
		});
	}

	@Test
	void whenUserHasAnIndicatorOfThatNameShouldIncludeIt() {
		this.contextRunner
			.withBean("eventLoopHealthIndicator", HealthIndicator.class, () -> () -> Health.outOfService().build())
			.run((context) -> assertThat(status(context, "/actuator/health/readiness")).isEqualTo(503));
	}

	@Test
	void whenProbesAreDisabledShouldAddNoGroup() {
		this.contextRunner.withPropertyValues("management.endpoint.health.probes.enabled=false").run((context) -> {
			assertThat(context.getBean(HealthEndpointGroups.class).getNames()).isEmpty();
			assertThat(status(context, "/actuator/health/readiness")).isEqualTo(404);
			overload(context);
			assertThat(status(context, "/actuator/health")).isEqualTo(503);
		});
	}

	@Test
	void whenProbesAreDisabledShouldJoinTheUsersOwnReadiness() {
		this.contextRunner
			.withPropertyValues("management.endpoint.health.probes.enabled=false",
					"management.endpoint.health.group.readiness.include=eventLoop")
			.run((context) -> {
				overload(context);
				assertThat(status(context, "/actuator/health/readiness")).isEqualTo(503);
			});
	}

	@Test
	void shouldNotChangeOtherGroups() {
		this.contextRunner.withPropertyValues("management.endpoint.health.group.mine.include=other").run((context) -> {
			overload(context);
			assertThat(status(context, "/actuator/health/mine")).isEqualTo(200);
			assertThat(group(context, "mine").isMember("eventLoop")).isFalse();
		});
	}

	@Test
	void shouldAnswerOnAdditionalPaths() {
		this.contextRunner.withPropertyValues("management.endpoint.health.probes.add-additional-paths=true")
			.run((context) -> {
				assertThat(status(context, "/readyz")).isEqualTo(200);
				assertThat(status(context, "/livez")).isEqualTo(200);
				overload(context);
				assertThat(status(context, "/readyz")).isEqualTo(503);
				assertThat(status(context, "/livez")).isEqualTo(200);
			});
	}

	@Test
	void shouldProvideAdditionalPathsToRequestMatchers() {
		this.contextRunner.withPropertyValues("management.endpoint.health.probes.add-additional-paths=true")
			.run((context) -> assertThat(context.getBean(PathMappedEndpoints.class)
				.getAdditionalPaths(WebServerNamespace.SERVER, EndpointId.of("health")))
				.containsExactly("/livez", "/readyz"));
	}

	@Test
	void whenManagementHasItsOwnPortShouldAnswerOnBoth() {
		this.contextRunner
			.withPropertyValues("management.server.port=0", "management.server.address=127.0.0.1",
					"management.endpoint.health.probes.add-additional-paths=true")
			.run((context) -> {
				int management = context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
				assertThat(management).isNotEqualTo(port(context));
				assertThat(status(management, "/actuator/health/readiness")).isEqualTo(200);
				overload(context);
				assertThat(status(management, "/actuator/health/readiness")).isEqualTo(503);
				assertThat(status(context, "/readyz")).isEqualTo(503);
				assertThat(status(context, "/livez")).isEqualTo(200);
				assertThat(status(context, "/actuator/health/readiness")).isEqualTo(404);
			});
	}

	@Test
	void whenBasePathIsChangedShouldAnswerBelowIt() {
		this.contextRunner.withPropertyValues("management.endpoints.web.base-path=/manage").run((context) -> {
			overload(context);
			assertThat(status(context, "/manage/health/readiness")).isEqualTo(503);
		});
	}

	@Test
	void whenInitializationIsLazyShouldJoin() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withPropertyValues("management.endpoint.health.probes.add-additional-paths=true")
			.run((context) -> {
				overload(context);
				assertThat(status(context, "/actuator/health/readiness")).isEqualTo(503);
				assertThat(status(context, "/readyz")).isEqualTo(503);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "MANAGEMENT_ENDPOINT_HEALTH_GROUP_READINESS_INCLUDE",
			"MANAGEMENT_ENDPOINT_HEALTH_GROUP_READINESS_INCLUDE_0" })
	void whenGroupIsConfiguredByAnEnvironmentVariableShouldNotChangeIt(String name) {
		this.contextRunner
			.withInitializer(
					(context) -> context.getEnvironment()
						.getPropertySources()
						.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
								Map.of(name, "readinessState"))))
			.run((context) -> assertThat(group(context, "readiness").isMember("eventLoop")).isFalse());
	}

	@Test
	void shouldShowDetailsAsConfigured() {
		this.contextRunner.withPropertyValues("management.endpoint.health.show-details=always").run((context) -> {
			overload(context);
			assertThat(get(port(context), "/actuator/health").body()).contains("\"eventLoop\":{")
				.contains("\"status\":\"OVERLOADED\"")
				.contains("\"lagP99Millis\":300.0");
		});
	}

	@Test
	void whenHealthEndpointIsNotAvailableShouldStart() {
		this.contextRunner.withPropertyValues("management.endpoint.health.access=NONE")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthEndpointGroups.class));
	}

	@Test
	void whenThereIsNoMonitorShouldBackOff() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopHealthContributorAutoConfiguration.class,
					EventLoopProbesAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(HealthEndpointGroupsPostProcessor.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.boot.actuate", "org.springframework.boot.health" })
	void whenThereIsNoActuatorOrNoHealthShouldBackOff(String missing) {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class,
					EventLoopHealthContributorAutoConfiguration.class, EventLoopProbesAutoConfiguration.class))
			.withBean(EventLoopMonitor.class, UnstartedMonitor::new)
			.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("eventLoopProbeGroupsPostProcessor"));
	}

	private ReactiveWebApplicationContextRunner withProperties(String properties) {
		return (properties != null) ? this.contextRunner.withPropertyValues(properties.split(";")) : this.contextRunner;
	}

	private static HealthEndpointGroup group(AssertableReactiveWebApplicationContext context, String name) {
		HealthEndpointGroup group = context.getBean(HealthEndpointGroups.class).get(name);
		assertThat(group).as(name).isNotNull();
		return group;
	}

	private static void overload(AssertableReactiveWebApplicationContext context) {
		for (int second = 0; second < 3; second++) {
			second(context, TestSecond.at(second).lag(Duration.ofMillis(300)));
		}
	}

	private static void stuck(AssertableReactiveWebApplicationContext context, Duration duration) {
		second(context, TestSecond.at(0).loop("reactor-http-1", LoopState.STALLED, duration));
	}

	private static void second(AssertableReactiveWebApplicationContext context, TestSecond second) {
		context.getBean(EventLoopHealth.class).onSecond(second.build());
	}

	private static int port(AssertableReactiveWebApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	private static int status(AssertableReactiveWebApplicationContext context, String path) {
		return status(port(context), path);
	}

	private static int status(int port, String path) {
		return get(port, path).statusCode();
	}

	private static HttpResponse<String> get(int port, String path) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
			.timeout(Duration.ofSeconds(60))
			.build();
		try {
			return client.send(request, HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Publishes the state that {@code SpringApplication} publishes, which a context
	 * runner does not.
	 */
	static class AcceptingTraffic implements ApplicationListener<ContextRefreshedEvent> {

		@Override
		public void onApplicationEvent(ContextRefreshedEvent event) {
			AvailabilityChangeEvent.publish(event.getApplicationContext(), LivenessState.CORRECT);
			AvailabilityChangeEvent.publish(event.getApplicationContext(), ReadinessState.ACCEPTING_TRAFFIC);
		}

	}

}
