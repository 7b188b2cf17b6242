package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import reactor.netty.http.HttpResources;

import io.github.eventloop.drivers.GrpcLoops;
import io.github.eventloop.drivers.MongoLoops;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application starts with any combination of the optional dependencies of
 * the library, and gets the features whose dependencies are present.
 */
class OptionalDependenciesTests {

	private static final String[] ACTUATOR = { "org.springframework.boot.actuate" };

	private static final String[] HEALTH = { "org.springframework.boot.health" };

	private static final String[] MICROMETER = { "org.springframework.boot.micrometer", "io.micrometer.core" };

	@AfterEach
	void disposeGlobalResources() {
		HttpResources.disposeLoopsAndConnectionsLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	@ParameterizedTest(name = "actuator={0}, health={1}, micrometer={2}")
	@CsvSource({ "true, true, true", "true, true, false", "true, false, true", "true, false, false",
			"false, true, true", "false, true, false", "false, false, true", "false, false, false" })
	void shouldStartWithAvailableDependencies(boolean actuator, boolean health, boolean micrometer) {
		List<Class<?>> autoConfigurations = new ArrayList<>();
		List<String> missing = new ArrayList<>();
		add(actuator, ACTUATOR, missing, autoConfigurations, EndpointAutoConfiguration.class,
				WebEndpointAutoConfiguration.class);
		add(health, HEALTH, missing, autoConfigurations, HealthContributorRegistryAutoConfiguration.class,
				HealthContributorAutoConfiguration.class);
		add(micrometer, MICROMETER, missing, autoConfigurations, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class);
		if (health && actuator) {
			autoConfigurations.add(HealthEndpointAutoConfiguration.class);
			autoConfigurations.add(AvailabilityProbesAutoConfiguration.class);
		}
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
					ApplicationAvailabilityAutoConfiguration.class))
			.withConfiguration(AutoConfigurations.of(autoConfigurations.toArray(Class<?>[]::new)))
			.withConfiguration(Library.autoConfigurations())
			.withClassLoader(new FilteredClassLoader(missing.toArray(String[]::new)))
			.withPropertyValues("management.endpoints.web.exposure.include=health,eventloop",
					"eventloop.liveness.enabled=true")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasBean("eventLoopMonitor").hasBean("eventLoopHealth");
				assertThat(context.containsBean("eventLoopEndpoint")).isEqualTo(actuator);
				assertThat(context.containsBean("eventLoopHealthIndicator")).isEqualTo(health);
				assertThat(context.containsBean("eventLoopLivenessHealthIndicator")).isEqualTo(health);
				assertThat(context.containsBean("eventLoopProbeGroupsPostProcessor")).isEqualTo(health && actuator);
				assertThat(context.containsBean("eventLoopMetrics")).isEqualTo(micrometer);
			});
	}

	private static void add(boolean present, String[] packages, List<String> missing, List<Class<?>> target,
			Class<?>... configurations) {
		if (present) {
			target.addAll(Arrays.asList(configurations));
		}
		else {
			missing.addAll(Arrays.asList(packages));
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "none", "reactor.netty", "reactor", "org.springframework.web", "org.springframework.http" })
	void whenNotWebApplicationShouldRequireNettyOnly(String missing) {
		new ApplicationContextRunner().withConfiguration(Library.autoConfigurations())
			.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("eventLoopMonitor")
				.hasBean("eventLoopHealth"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "none", "reactor.netty", "reactor", "org.springframework.web.reactive" })
	void whenServletApplicationShouldRequireNettyOnly(String missing) {
		new WebApplicationContextRunner().withConfiguration(Library.autoConfigurations())
			.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("eventLoopMonitor")
				.hasBean("eventLoopHealth"));
	}

	@Test
	void whenReactorNettyIsMissingLoopsOfDriversShouldBeMonitored() {
		new ApplicationContextRunner().withConfiguration(Library.autoConfigurations())
			.withClassLoader(new FilteredClassLoader("reactor.netty"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(LettuceLoopsCustomizer.class)
				.hasSingleBean(GrpcLoops.class)
				.hasSingleBean(MongoLoops.class)
				.doesNotHaveBean(GlobalTcpLoopsInstaller.class));
	}

	@Test
	void whenNettyIsMissingShouldStartWithoutBeans() {
		new ApplicationContextRunner().withConfiguration(Library.autoConfigurations())
			.withClassLoader(new FilteredClassLoader("io.netty"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(beansOfLibrary(context.getBeanDefinitionNames())).isEmpty();
			});
	}

	private static List<String> beansOfLibrary(String[] beans) {
		return Arrays.stream(beans).filter((bean) -> bean.toLowerCase(Locale.ROOT).contains("eventloop")).toList();
	}

}
