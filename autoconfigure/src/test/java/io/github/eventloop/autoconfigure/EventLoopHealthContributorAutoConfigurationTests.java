package io.github.eventloop.autoconfigure;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.EventLoopHealthIndicator;
import io.github.eventloop.health.EventLoopLivenessHealthIndicator;
import io.github.eventloop.monitor.EventLoopMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventLoopHealthContributorAutoConfiguration}.
 */
class EventLoopHealthContributorAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class,
				EventLoopHealthContributorAutoConfiguration.class))
		.withBean(EventLoopMonitor.class, UnstartedMonitor::new)
		.withPropertyValues("eventloop.readiness.enabled=true");

	@Test
	void shouldContributeHealthButNoLiveness() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(EventLoopHealthIndicator.class)
			.hasBean("eventLoopHealthIndicator")
			.doesNotHaveBean(EventLoopLivenessHealthIndicator.class));
	}

	@Test
	void whenNotReactiveShouldContributeOnRequestOnly() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class,
					EventLoopHealthContributorAutoConfiguration.class))
			.withBean(EventLoopMonitor.class, UnstartedMonitor::new)
			.run((context) -> assertThat(context).doesNotHaveBean(EventLoopHealthIndicator.class));
	}

	@Test
	void whenThereIsNoMonitorShouldBackOff() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopHealthContributorAutoConfiguration.class))
			.withPropertyValues("eventloop.liveness.enabled=true")
			.run((context) -> assertThat(context).doesNotHaveBean(EventLoopHealthIndicator.class)
				.doesNotHaveBean(EventLoopLivenessHealthIndicator.class));
	}

	@Test
	void whenThereIsNoHealthJarShouldBackOff() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(EventLoopHealth.class)
				.doesNotHaveBean("eventLoopHealthIndicator"));
	}

	@Test
	void whenThereIsNoHealthClassShouldBackOff() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Health.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("eventLoopHealthIndicator"));
	}

	@Test
	void whenThereIsNoActuatorShouldContribute() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasSingleBean(EventLoopHealthIndicator.class));
	}

	@Test
	void whenDisabledShouldNotContribute() {
		this.contextRunner.withPropertyValues("management.health.eventloop.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("eventLoopHealthIndicator"));
	}

	@Test
	void whenDefaultsAreDisabledShouldNotContribute() {
		this.contextRunner.withPropertyValues("management.health.defaults.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("eventLoopHealthIndicator"));
	}

	@Test
	void whenUserHasAnIndicatorOfThatNameShouldBackOff() {
		this.contextRunner.withBean("eventLoopHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
			.run((context) -> assertThat(context).doesNotHaveBean(EventLoopHealthIndicator.class)
				.hasBean("eventLoopHealthIndicator"));
	}

	@Test
	void whenUserHasAnIndicatorOfAnotherNameShouldContribute() {
		this.contextRunner.withBean("other", HealthIndicator.class, () -> () -> Health.up().build())
			.run((context) -> assertThat(context).hasSingleBean(EventLoopHealthIndicator.class));
	}

	@Test
	void whenLivenessIsEnabledShouldContribute() {
		this.contextRunner.withPropertyValues("eventloop.liveness.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(EventLoopLivenessHealthIndicator.class)
				.hasBean("eventLoopLivenessHealthIndicator"));
	}

	@Test
	void whenUserHasALivenessIndicatorOfThatNameShouldBackOff() {
		this.contextRunner.withPropertyValues("eventloop.liveness.enabled=true")
			.withBean("eventLoopLivenessHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
			.run((context) -> assertThat(context).doesNotHaveBean(EventLoopLivenessHealthIndicator.class));
	}

	@Test
	void whenLivenessStuckAfterIsInvalidShouldNameTheProperty() {
		this.contextRunner.withPropertyValues("eventloop.liveness.enabled=true", "eventloop.liveness.stuck-after=999ms")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessage(
						"Property eventloop.liveness.stuck-after with value '999ms' is invalid: must be at least 1s"));
	}

}
