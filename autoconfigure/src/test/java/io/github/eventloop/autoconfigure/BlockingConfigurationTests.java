package io.github.eventloop.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.blocking.BlockingDetector;
import io.github.eventloop.blocking.internal.BlockHoundBlockingDetector;
import io.github.eventloop.blocking.internal.JfrBlockingDetector;
import io.github.eventloop.monitor.EventLoopMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the detection of blocking calls by {@link EventLoopAutoConfiguration}.
 * BlockHound lacks its JVM flag here, and is not installed.
 */
class BlockingConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class))
		.withBean(EventLoopMonitor.class, UnstartedMonitor::new);

	@Test
	void withoutDetectorShouldHaveAnEmptyTable() {
		this.contextRunner.run((context) -> {
			assertThat(context.getBean(BlockingCalls.class).list()).isEmpty();
			assertThat(context.getBean(BlockingDetector.class)).isNotInstanceOf(JfrBlockingDetector.class)
				.isNotInstanceOf(BlockHoundBlockingDetector.class);
		});
	}

	@ParameterizedTest
	@CsvSource({ "jfr, io.github.eventloop.blocking.internal.JfrBlockingDetector",
			"BlockHound, io.github.eventloop.blocking.internal.BlockHoundBlockingDetector" })
	void detectorShouldBeTheConfiguredOne(String detector, Class<?> type) {
		this.contextRunner.withPropertyValues("eventloop.blocking.detector=" + detector)
			.run((context) -> assertThat(context).hasNotFailed().getBean(BlockingDetector.class).isInstanceOf(type));
	}

	@Test
	void whenMonitoringIsDisabledShouldBackOff() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class))
			.withPropertyValues("eventloop.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(BlockingCalls.class)
				.doesNotHaveBean(BlockingDetector.class));
	}

	@Test
	void whenUserHasOwnDetectorShouldBackOff() {
		this.contextRunner.withBean("ownDetector", BlockingDetector.class, BlockingDetector::none)
			.run((context) -> assertThat(context).hasSingleBean(BlockingDetector.class).hasBean("ownDetector"));
	}

	@Test
	void whenThresholdIsInvalidShouldReportTheAllowedRange() {
		this.contextRunner.withPropertyValues("eventloop.blocking.threshold=2m")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining("eventloop.blocking.threshold")
				.hasMessageContaining("must be from 0s to 60s"));
	}

	@Test
	void whenDetectorIsUnknownShouldFail() {
		this.contextRunner.withPropertyValues("eventloop.blocking.detector=magic")
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("eventloop.blocking.detector"));
	}

}
