package io.github.eventloop.autoconfigure;

import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.eventloop.jfr.internal.FlightRecording;
import io.github.eventloop.stall.StallDetector;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the events of JDK Flight Recorder of {@link EventLoopAutoConfiguration}.
 */
class FlightRecordingConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class));

	@Test
	void whenMonitoringIsDisabledShouldBackOff() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class))
			.withPropertyValues("eventloop.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(FlightRecording.class));
	}

	@Test
	void whenStallsAreDetectedShouldRecord() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(FlightRecording.class));
	}

	@Test
	void whenRuntimeHasNoFlightRecorderShouldBackOff() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("jdk.jfr"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(StallDetector.class)
				.doesNotHaveBean("eventLoopFlightRecording"));
	}

	@Test
	void whenInitializationIsLazyShouldStillRecord() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context.getBeanFactory().containsSingleton("eventLoopFlightRecording"))
				.isTrue());
	}

}
