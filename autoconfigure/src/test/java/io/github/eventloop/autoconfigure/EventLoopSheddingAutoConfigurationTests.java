package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.shedding.AdaptiveSheddingPolicy;
import io.github.eventloop.shedding.LagSheddingPolicy;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.RequestPriorityResolver;
import io.github.eventloop.shedding.SheddingPolicy;
import io.github.eventloop.shedding.internal.SheddingWebFilter;
import io.github.eventloop.web.internal.TestLoop;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventLoopSheddingAutoConfiguration}.
 */
class EventLoopSheddingAutoConfigurationTests {

	private static final SheddingPolicy SHED_ALL = (loop, lag, priority) -> 1;

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventLoopSheddingAutoConfiguration.class))
		.withBean(EventLoopMonitor.class, () -> new EventLoopMonitor(MonitorSettings.DEFAULT))
		.withPropertyValues("eventloop.shedding.enabled=true");

	private final ReactiveWebApplicationContextRunner actuatorRunner = this.contextRunner
		.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class,
				JacksonEndpointAutoConfiguration.class, JacksonAutoConfiguration.class, CodecsAutoConfiguration.class,
				WebEndpointAutoConfiguration.class, ApplicationAvailabilityAutoConfiguration.class,
				AvailabilityHealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
				HealthEndpointAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class))
		.withBean(SheddingPolicy.class, () -> SHED_ALL);

	@Test
	void byDefaultShouldShedNothing() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopSheddingAutoConfiguration.class))
			.withBean(EventLoopMonitor.class, () -> new EventLoopMonitor(MonitorSettings.DEFAULT))
			.run((context) -> assertThat(context).doesNotHaveBean(SheddingWebFilter.class));
		this.contextRunner.withPropertyValues("eventloop.shedding.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(SheddingWebFilter.class));
	}

	@Test
	void whenEnabledShouldAdapt() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(SheddingWebFilter.class).hasSingleBean(RequestPriorityResolver.class);
			assertThat(bounds(context)).isEqualTo(LagSheddingPolicy.DEFAULT);
		});
	}

	@Test
	void whenPolicyIsLagShouldShedByLag() {
		this.contextRunner.withPropertyValues("eventloop.shedding.policy=lag")
			.run((context) -> assertThat(context.getBean(SheddingPolicy.class)).isEqualTo(LagSheddingPolicy.DEFAULT));
	}

	private static LagSheddingPolicy bounds(AssertableReactiveWebApplicationContext context) {
		return ((AdaptiveSheddingPolicy) context.getBean(SheddingPolicy.class)).bounds();
	}

	@Test
	void whenThereIsNoMonitorShouldBackOff() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopSheddingAutoConfiguration.class))
			.withPropertyValues("eventloop.shedding.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SheddingWebFilter.class));
	}

	@Test
	void whenApplicationIsNotReactiveShouldBackOff() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopSheddingAutoConfiguration.class))
			.withBean(EventLoopMonitor.class, () -> new EventLoopMonitor(MonitorSettings.DEFAULT))
			.withPropertyValues("eventloop.shedding.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SheddingPolicy.class));
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopSheddingAutoConfiguration.class))
			.withBean(EventLoopMonitor.class, () -> new EventLoopMonitor(MonitorSettings.DEFAULT))
			.withPropertyValues("eventloop.shedding.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SheddingPolicy.class));
	}

	@Test
	void whenActuatorIsMissingShouldStillShed() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasSingleBean(SheddingWebFilter.class));
	}

	@Test
	void whenSpringWebIsMissingShouldBackOff() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopSheddingAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(WebFilter.class))
			.withPropertyValues("eventloop.shedding.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SheddingPolicy.class));
	}

	@Test
	void whenUserHasPolicyAndResolverShouldBackOff() {
		SheddingPolicy policy = (loop, lag, priority) -> 0;
		RequestPriorityResolver resolver = (request) -> RequestPriority.LOW;
		this.contextRunner.withBean("policy", SheddingPolicy.class, () -> policy)
			.withBean("resolver", RequestPriorityResolver.class, () -> resolver)
			// Not used, because the beans of the user take precedence.
			.withPropertyValues("eventloop.shedding.start-lag=-1s", "eventloop.shedding.priority-header=a b")
			.run((context) -> {
				assertThat(context.getBean(SheddingPolicy.class)).isSameAs(policy);
				assertThat(context.getBean(RequestPriorityResolver.class)).isSameAs(resolver);
				assertThat(context).hasSingleBean(SheddingWebFilter.class);
			});
	}

	@Test
	void whenUserHasPolicyShouldCallItWithThePriorityOfTheProperties() {
		SheddingPolicy policy = (loop, lag, priority) -> (priority == RequestPriority.LOW) ? 1 : 0;
		this.contextRunner.withBean(SheddingPolicy.class, () -> policy)
			.withPropertyValues("eventloop.shedding.low-priority=/reports/**,/export",
					"eventloop.shedding.high-priority=/reports/urgent,/pay",
					"eventloop.shedding.priority-header=X-Priority")
			.run((context) -> {
				assertThat(isShed(context, MockServerHttpRequest.get("/reports/7"))).isTrue();
				assertThat(isShed(context, MockServerHttpRequest.get("/export"))).isTrue();
				assertThat(isShed(context, MockServerHttpRequest.get("/pay"))).isFalse();
				assertThat(isShed(context, MockServerHttpRequest.get("/pay").header("x-priority", "low"))).isTrue();
			});
	}

	@Test
	void shouldUseAllProperties() {
		this.contextRunner.withPropertyValues("eventloop.shedding.start-lag=20ms", "eventloop.shedding.full-lag=40ms")
			.run((context) -> assertThat(bounds(context))
				.isEqualTo(new LagSheddingPolicy(Duration.ofMillis(20), Duration.ofMillis(40))));
		this.contextRunner.withBean(SheddingPolicy.class, () -> SHED_ALL)
			.withPropertyValues("eventloop.shedding.exclude=/free,/hooks/**")
			.run((context) -> {
				assertThat(isShed(context, MockServerHttpRequest.get("/free"))).isFalse();
				assertThat(isShed(context, MockServerHttpRequest.get("/free/more"))).isTrue();
				assertThat(isShed(context, MockServerHttpRequest.get("/hooks/github"))).isFalse();
			});
	}

	@ParameterizedTest
	@CsvSource({ "start-lag, 400ms, 400, 1600", "start-lag, 30s, 30000, 60000", "full-lag, 40ms, 10, 40" })
	void whenOneLagIsSetShouldAdaptTheDefaultOfTheOther(String property, String value, long start, long full) {
		this.contextRunner.withPropertyValues("eventloop.shedding." + property + "=" + value)
			.run((context) -> assertThat(bounds(context))
				.isEqualTo(new LagSheddingPolicy(Duration.ofMillis(start), Duration.ofMillis(full))));
	}

	@Test
	void defaultsShouldBeThoseOfThePolicy() {
		assertThat(new SheddingProperties().toLagPolicy()).isEqualTo(LagSheddingPolicy.DEFAULT);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
			start-lag;       0ms;        0s;         must be longer than 0 and shorter than the full lag of 200ms
			start-lag;       2m;         120s;       must be longer than 0 and shorter than the full lag of 60s
			full-lag;        -1s;        -1s;        must be longer than 0 and at most 60s
			full-lag;        2m;         120s;       must be longer than 0 and at most 60s
			priority-header; X Y;        X Y;        must be the name of a header: letters, digits and any of
			exclude;         /a/{id;     /a/{id;     must be a path pattern such as /orders/**: Expected close capture
			low-priority;    /a,/{b}{c;  /{b}{c;     must be a path pattern such as /orders/**:
			high-priority;   /a/{x:[};   /a/{x:[};   must be a path pattern such as /orders/**:
			""")
	void whenPropertyIsInvalidShouldFailToStart(String property, String value, String shown, String rule) {
		this.contextRunner.withPropertyValues("eventloop.shedding." + property + "=" + value)
			.run(failure(property, shown, rule));
	}

	@Test
	void whenListElementIsInvalidShouldNameIt() {
		this.contextRunner
			.withPropertyValues("eventloop.shedding.exclude[0]=/a", "eventloop.shedding.exclude[1]=/a/{id")
			.run(failure("exclude[1]", "/a/{id", "must be a path pattern such as /orders/**: "));
	}

	private static ContextConsumer<AssertableReactiveWebApplicationContext> failure(String property, String shown,
			String rule) {
		return (context) -> {
			assertThat(context).hasFailed();
			assertThat(invalid(context.getStartupFailure())).satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo("eventloop.shedding." + property);
				assertThat(ex.getValue()).isEqualTo(shown);
				assertThat(ex.getReason()).startsWith(rule);
			});
		};
	}

	private static InvalidConfigurationPropertyValueException invalid(Throwable failure) {
		Throwable cause = failure;
		while (!(cause instanceof InvalidConfigurationPropertyValueException)) {
			cause = cause.getCause();
		}
		return (InvalidConfigurationPropertyValueException) cause;
	}

	@Test
	void healthAndActuatorShouldNeverBeShed() {
		this.actuatorRunner.run((context) -> {
			assertThat(notShed(context, "/actuator", "/actuator/health", "/actuator/health/readiness")).isTrue();
			assertThat(shed(context, "/", "/orders", "/actuators", "/health")).isTrue();
		});
	}

	/**
	 * No operation is mapped to these paths: they are treated like any other path that
	 * does not exist.
	 */
	@ParameterizedTest
	@CsvSource({ "/actuator, ''", "/manage, /manage", "/a/b, /a/b", "/, ''", "'', ''" })
	void whenNothingIsMappedBelowTheBasePathShouldShed(String basePath, String prefix) {
		String base = basePath.equals("/actuator") ? basePath : prefix;
		this.actuatorRunner
			.withPropertyValues("management.endpoints.web.base-path=" + basePath,
					"management.endpoints.web.exposure.include=health,acme",
					"management.endpoints.web.path-mapping.acme=figures/acme")
			.withUserConfiguration(AcmeEndpointConfiguration.class)
			.run((context) -> {
				assertThat(shed(context, base + "/zzz", base + "/zzz/health", base + "/healthy", base + "/env",
						base + "/figures", base + "/acme", base + "/figures/acme/one/two", base + "/figures/acme/one/"))
					.isTrue();
				assertThat(notShed(context, base + "/health", base + "/health/readiness", base + "/figures/acme",
						base + "/figures/acme/one"))
					.isTrue();
			});
	}

	@Test
	void whenUserExcludesPathsHealthShouldStayExcluded() {
		this.actuatorRunner.withPropertyValues("eventloop.shedding.exclude=/free").run((context) -> {
			assertThat(notShed(context, "/free", "/actuator/health/liveness")).isTrue();
			assertThat(shed(context, "/orders")).isTrue();
		});
	}

	@Test
	void whenEndpointsAreMappedElsewhereShouldExcludeThem() {
		this.actuatorRunner
			.withPropertyValues("management.endpoints.web.base-path=/manage",
					"management.endpoints.web.path-mapping.health=probe")
			.run((context) -> {
				assertThat(notShed(context, "/manage", "/manage/probe", "/manage/probe/readiness")).isTrue();
				assertThat(shed(context, "/actuator/health", "/probe")).isTrue();
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "''" })
	void whenEndpointsAreAtTheRootShouldExcludeOnlyThem(String basePath) {
		this.actuatorRunner.withPropertyValues("management.endpoints.web.base-path=" + basePath.replace("'", ""))
			.run((context) -> {
				assertThat(notShed(context, "/health", "/health/readiness")).isTrue();
				assertThat(shed(context, "/", "/orders", "/actuator/health")).isTrue();
			});
	}

	@Test
	void whenProbesHaveAdditionalPathsShouldExcludeThem() {
		this.actuatorRunner.withPropertyValues("management.endpoint.health.probes.add-additional-paths=true")
			.run((context) -> assertThat(notShed(context, "/livez", "/readyz")).isTrue());
		this.actuatorRunner
			.withPropertyValues("management.endpoint.health.group.live.include=livenessState",
					"management.endpoint.health.group.live.additional-path=server:/alive", "management.server.port=0")
			.run((context) -> {
				assertThat(notShed(context, "/alive")).isTrue();
				assertThat(shed(context, "/livez")).isTrue();
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "9999", "-1" })
	void whenManagementPortIsSeparateShouldNotExcludeItsPathsOnTheApplicationPort(String port) {
		this.actuatorRunner.withPropertyValues("management.server.port=" + port)
			.run((context) -> assertThat(shed(context, "/actuator", "/actuator/health")).isTrue());
	}

	@Test
	void whenManagementPortIsThatOfTheServerShouldExcludeItsPaths() {
		this.actuatorRunner.withPropertyValues("server.port=9999", "management.server.port=9999")
			.run((context) -> assertThat(notShed(context, "/actuator/health")).isTrue());
	}

	@Test
	void whenApplicationHasABasePathShouldMatchWithinIt() {
		this.actuatorRunner.withPropertyValues("eventloop.shedding.exclude=/free").run((context) -> {
			for (String path : List.of("/actuator/health", "/free")) {
				assertThat(
						isShed(context, MockServerHttpRequest.get("http://localhost/shop" + path).contextPath("/shop")))
					.isFalse();
			}
			assertThat(isShed(context, MockServerHttpRequest.get("/shop/actuator/health"))).isTrue();
		});
	}

	private static boolean notShed(AssertableReactiveWebApplicationContext context, String... paths) {
		return List.of(paths).stream().noneMatch((path) -> isShed(context, MockServerHttpRequest.get(path)));
	}

	private static boolean shed(AssertableReactiveWebApplicationContext context, String... paths) {
		return List.of(paths).stream().allMatch((path) -> isShed(context, MockServerHttpRequest.get(path)));
	}

	private static boolean isShed(AssertableReactiveWebApplicationContext context,
			MockServerHttpRequest.BaseBuilder<?> request) {
		return filter(context, request).getResponse().getStatusCode() == HttpStatus.SERVICE_UNAVAILABLE;
	}

	private static MockServerWebExchange filter(AssertableReactiveWebApplicationContext context,
			MockServerHttpRequest.BaseBuilder<?> request) {
		MockServerWebExchange exchange = MockServerWebExchange.from(request.build());
		try {
			new TestLoop().run(() -> context.getBean(SheddingWebFilter.class)
				.filter(exchange, (same) -> Mono.empty())
				.block(Duration.ofSeconds(60)));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		return exchange;
	}

	@Configuration(proxyBeanMethods = false)
	static class AcmeEndpointConfiguration {

		@Bean
		AcmeEndpoint acmeEndpoint() {
			return new AcmeEndpoint();
		}

	}

	@Endpoint(id = "acme")
	static class AcmeEndpoint {

		@ReadOperation
		String all() {
			return "all";
		}

		@ReadOperation
		String one(@Selector String name) {
			return name;
		}

	}

}
