package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.eventloop.monitor.EventLoopMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for all properties of the type {@link Duration}. They are read from the
 * configuration metadata, so that new ones are tested as well.
 */
class DurationPropertiesTests {

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class,
				EventLoopHealthContributorAutoConfiguration.class, EventLoopSheddingAutoConfiguration.class))
		.withUserConfiguration(MonitorConfiguration.class)
		.withPropertyValues("eventloop.shedding.enabled=true", "eventloop.liveness.enabled=true",
				"eventloop.capture.enabled=true");

	static List<DurationProperty> all() {
		return DurationProperty.all();
	}

	static Stream<DurationProperty> inSeconds() {
		return all().stream().filter((property) -> property.unit() == ChronoUnit.SECONDS);
	}

	@ParameterizedTest
	@MethodSource("all")
	void bareNumberShouldBeInTheNaturalUnit(DurationProperty property) {
		assertThat(property.bind("60")).isEqualTo(Duration.of(60, property.unit()));
		assertThat(property.bind("7ms")).isEqualTo(Duration.ofMillis(7));
	}

	@ParameterizedTest
	@MethodSource("all")
	void whenSetToTheDefaultShouldBeAsWhenNotSet(DurationProperty property) {
		assertThat(property.settings(Map.of(property.name(), property.defaultValue())))
			.isEqualTo(property.settings(Map.of()));
	}

	@ParameterizedTest
	@MethodSource("all")
	void whenNegativeShouldNameThePropertyTheValueAndTheRule(DurationProperty property) {
		assertRejected(property, "-3", (property.unit() == ChronoUnit.SECONDS) ? "-3s" : "-3ms");
	}

	@ParameterizedTest
	@MethodSource("inSeconds")
	void whenMillisecondsAreGivenForSecondsShouldNameThePropertyTheValueAndTheRule(DurationProperty property) {
		assertRejected(property, "60ms", "60ms");
	}

	@ParameterizedTest
	@CsvSource({ "eventloop.shedding.start-lag=50ms, eventloop.shedding.full-lag=40ms, shedding.start-lag",
			"eventloop.shedding.full-lag=200ms, eventloop.shedding.start-lag=300ms, shedding.start-lag" })
	void whenUserSetsTheDefaultShouldNotAdaptIt(String set, String other, String rejected) {
		this.contextRunner.withPropertyValues(other)
			.run((context) -> assertThat(context).as("only %s", other).hasNotFailed());
		this.contextRunner.withPropertyValues(set, other)
			.run((context) -> assertThat(failure(context)).satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo("eventloop." + rejected);
				assertThat(ex.getReason()).startsWith("must ");
			}));
	}

	private void assertRejected(DurationProperty property, String value, String shown) {
		this.contextRunner.withPropertyValues(property.name() + "=" + value)
			.run((context) -> assertThat(failure(context)).satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo(property.name());
				assertThat(ex.getValue()).isEqualTo(shown);
				assertThat(ex.getReason()).startsWith("must ");
			}));
	}

	private static InvalidConfigurationPropertyValueException failure(AssertableReactiveWebApplicationContext context) {
		assertThat(context).hasFailed();
		Throwable cause = context.getStartupFailure();
		while (cause != null && !(cause instanceof InvalidConfigurationPropertyValueException)) {
			cause = cause.getCause();
		}
		assertThat(cause).as("%s", context.getStartupFailure()).isNotNull();
		return (InvalidConfigurationPropertyValueException) cause;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(EventLoopProperties.class)
	static class MonitorConfiguration {

		@Bean
		EventLoopMonitor monitor(EventLoopProperties properties) {
			return new EventLoopMonitor(properties.toMonitorSettings());
		}

	}

}
