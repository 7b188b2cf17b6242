package io.github.eventloop.autoconfigure;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.eventloop.jfr.internal.FlightRecording;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the events of JDK Flight Recorder of {@link EventLoopAutoConfiguration}.
 */
class FlightRecordingConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withUserConfiguration(EventLoopAutoConfiguration.FlightRecordingConfiguration.class)
		.withBean(EventLoopMonitor.class, () -> new EventLoopMonitor(MonitorSettings.DEFAULT))
		.withBean(StallDetector.class, () -> stallDetector(new EventLoopMonitor(MonitorSettings.DEFAULT)));

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

	private static StallDetector stallDetector(EventLoopMonitor monitor) {
		return new StallDetector(monitor, new StackReader(List.of()), StallSettings.DEFAULT);
	}

}
