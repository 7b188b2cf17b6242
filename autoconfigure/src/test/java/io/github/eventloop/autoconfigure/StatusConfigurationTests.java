package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.HealthSignal;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.health.internal.TestSecond;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.internal.log.StallNotifier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the status that {@link EventLoopAutoConfiguration} determines.
 */
@ExtendWith(OutputCaptureExtension.class)
class StatusConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class))
		.withPropertyValues("eventloop.readiness.enabled=true");

	@Test
	void whenMonitoringIsDisabledShouldBackOff() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class))
			.withPropertyValues("eventloop.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(EventLoopHealth.class));
	}

	@Test
	void whenThereIsAMonitorShouldDetermineStatus() {
		withMonitor().run((context) -> assertThat(context).hasSingleBean(EventLoopHealth.class));
	}

	@Test
	void whenOptionalDependenciesAreMissingShouldDetermineStatus() {
		withMonitor()
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate",
					"org.springframework.boot.health", "reactor", "io.micrometer"))
			.run((context) -> assertThat(context).hasSingleBean(EventLoopHealth.class));
	}

	@Test
	void whenInitializationIsLazyShouldStillDetermineStatus() {
		withMonitor()
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context.getBeanFactory().containsSingleton("eventLoopHealth")).isTrue());
	}

	@Test
	void defaultsShouldBeThoseOfTheSettings() {
		assertThat(new HealthProperties().toSettings(Duration.ofSeconds(10))).isEqualTo(HealthSettings.DEFAULT);
	}

	@Test
	void shouldUseAllProperties() {
		withMonitor()
			.withPropertyValues("eventloop.health.overloaded-p99=201ms", "eventloop.health.stuck-after=2100ms",
					"eventloop.health.recover-after=11s", "eventloop.health.startup-grace=31s",
					"eventloop.health.max-out-of-service=3m", "eventloop.health.leave-within=20s")
			.run((context) -> assertThat(context.getBean(HealthSettings.class))
				.isEqualTo(new HealthSettings(Duration.ofMillis(50), Duration.ofMillis(10), Duration.ofMillis(201),
						null, Duration.ofMillis(2100), Duration.ofSeconds(3), Duration.ofSeconds(11),
						Duration.ofSeconds(31), Duration.ofMinutes(3), Duration.ofSeconds(20))));
	}

	@Test
	void whenUserHasSettingsShouldUseThem() {
		withMonitor().withBean(HealthSettings.class, () -> settings(Duration.ofSeconds(4))).run((context) -> {
			lag(context, 3);
			assertThat(context.getBean(EventLoopHealth.class).status()).isEqualTo(EventLoopStatus.DEGRADED);
			lag(context, 4);
			assertThat(context.getBean(EventLoopHealth.class).status()).isEqualTo(EventLoopStatus.OVERLOADED);
		});
	}

	@Test
	void whenSettingsOfUserDoNotFitTheWindowShouldNameTheSettingAndTheRule() {
		withMonitor().withBean(HealthSettings.class, () -> settings(Duration.ofSeconds(11)))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage("'tripAfter' must not be longer than the window of 10s but is 11s"));
	}

	private static HealthSettings settings(Duration tripAfter) {
		HealthSettings defaults = HealthSettings.DEFAULT;
		return new HealthSettings(defaults.degradedP99(), defaults.degradedP50(), defaults.overloadedP99(), null,
				defaults.stuckAfter(), tripAfter, defaults.recoverAfter(), Duration.ZERO, defaults.maxOutOfService(),
				Duration.ZERO);
	}

	@Test
	void statusShouldFollowTheProperties() {
		withMonitor()
			.withPropertyValues("eventloop.health.startup-grace=0s", "eventloop.health.leave-within=0s",
					"eventloop.health.overloaded-p99=500ms")
			.run((context) -> {
				EventLoopHealth health = context.getBean(EventLoopHealth.class);
				for (int second = 0; second < 10; second++) {
					health.onSecond(TestSecond.at(second).lag(Duration.ofMillis(499)).build());
				}
				assertThat(health.status()).isEqualTo(EventLoopStatus.DEGRADED);
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
	// @formatter:off
			"overloaded-p99         | 0      | 0s     | must be longer than 0",
			"stuck-after            | 99ms   | 99ms   | must be at least 100ms",
			"recover-after          | 100ms  | 100ms  | must be at least 1s",
			"startup-grace          | 999ms  | 999ms  | must be 0 or at least 1s",
			"max-out-of-service     | 0s     | 0s     | must be at least 1s",
			"leave-within           | 999ms  | 999ms  | must be 0 or at least 1s"
	// @formatter:on
	})
	void whenPropertyIsInvalidShouldNameItAndTheRule(String property, String value, String shown, String rule) {
		withMonitor().withPropertyValues("eventloop.health." + property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessage(
						"Property eventloop.health." + property + " with value '" + shown + "' is invalid: " + rule));
	}

	@Test
	void whenWindowIsShorterThanTheDefaultTripShouldTripWithinIt() {
		withMonitor(Duration.ofMillis(2500))
			.withPropertyValues("eventloop.health.startup-grace=0s", "eventloop.health.leave-within=0s")
			.run((context) -> {
				lag(context, 2);
				assertThat(context.getBean(EventLoopHealth.class).status()).isEqualTo(EventLoopStatus.OVERLOADED);
			});
	}

	@Test
	void whenOverloadIsBelowTheDefaultDegradedShouldLowerIt() {
		withMonitor().withPropertyValues("eventloop.health.overloaded-p99=20ms")
			.run((context) -> assertThat(context.getBean(HealthSettings.class).degradedP99()).hasMillis(20));
	}

	@Test
	void shouldCallTheSignalsInOrder() {
		withMonitor().withUserConfiguration(SignalsConfiguration.class)
			.withPropertyValues("eventloop.health.startup-grace=0s", "eventloop.health.leave-within=0s")
			.run((context) -> {
				EventLoopHealth health = context.getBean(EventLoopHealth.class);
				health.onSecond(TestSecond.at(0).build());
				assertThat(health.judgement())
					.isEqualTo(new Judgement(EventLoopStatus.DEGRADED, "first and second and last"));
			});
	}

	@ParameterizedTest
	@CsvSource({ "30s, INFO", "0s, WARN" })
	void whenStartingStallsWithoutACulpritShouldBeExpected(String grace, String level, CapturedOutput output) {
		withMonitor().withPropertyValues("eventloop.health.startup-grace=" + grace).run((context) -> {
			context.getBean(EventLoopHealth.class).onSecond(TestSecond.at(0).build());
			Stall stall = new Stall(1, "loop-of-" + grace, "group", null, Instant.EPOCH, Duration.ofMillis(312), false,
					StallCause.STARVED, new Stall.Code(null, null, null, null),
					new Stall.Requests(null, null, null, null, 0), new Stall.Times(0, 0, 0, null),
					new Stall.Work(0, 0, false), new Stall.Samples(0, List.of(), List.of()), "Wait.");
			context.getBean(StallNotifier.class).onStallEnded(stall);
		});
		assertThat(output.toString().lines().filter((line) -> line.contains("loop-of-" + grace))).singleElement()
			.asString()
			.contains(level);
	}

	private static void lag(AssertableApplicationContext context, int seconds) {
		for (int second = 0; second < seconds; second++) {
			context.getBean(EventLoopHealth.class).onSecond(TestSecond.at(second).lag(Duration.ofMillis(300)).build());
		}
	}

	private ApplicationContextRunner withMonitor() {
		return this.contextRunner.withUserConfiguration(MonitorConfiguration.class);
	}

	private ApplicationContextRunner withMonitor(Duration window) {
		return this.contextRunner.withBean(EventLoopMonitor.class,
				() -> new UnstartedMonitor(new MonitorSettings(window, Duration.ofMinutes(1), Duration.ofMillis(100))));
	}

	@Configuration(proxyBeanMethods = false)
	static class MonitorConfiguration {

		@Bean
		EventLoopMonitor monitor() {
			return new UnstartedMonitor();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SignalsConfiguration {

		@Bean
		HealthSignal last() {
			return degraded("last");
		}

		@Bean
		@Order(2)
		HealthSignal second() {
			return degraded("second");
		}

		@Bean
		@Order(1)
		HealthSignal first() {
			return degraded("first");
		}

		private static HealthSignal degraded(String reason) {
			return (second) -> new Judgement(EventLoopStatus.DEGRADED, reason);
		}

	}

}
