package io.github.eventloop.autoconfigure;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.recording.FlightRecording;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.StallSettings;
import io.github.eventloop.stall.StallWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventLoopRecordingAutoConfiguration}.
 */
class EventLoopRecordingAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventLoopRecordingAutoConfiguration.class));

	@Test
	void whenThereIsNothingToRecordShouldBackOff() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(FlightRecording.class));
	}

	@Test
	void whenStallsAreWatchedShouldRecord() {
		watched().run((context) -> assertThat(context).hasSingleBean(FlightRecording.class));
	}

	@Test
	void whenRuntimeHasNoFlightRecorderShouldStartWithout() {
		watched().withClassLoader(new FilteredClassLoader("jdk.jfr"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(StallWatch.class)
				.doesNotHaveBean("eventLoopFlightRecording"));
	}

	@Test
	void whenInitializationIsLazyShouldRecordAllTheSame() {
		watched()
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context.getBeanFactory().containsSingleton("eventLoopFlightRecording"))
				.isTrue());
	}

	private ApplicationContextRunner watched() {
		return this.contextRunner.withBean(EventLoopMonitor.class, () -> new EventLoopMonitor(MonitorSettings.DEFAULT))
			.withBean(StallWatch.class, () -> watch(new EventLoopMonitor(MonitorSettings.DEFAULT)));
	}

	private static StallWatch watch(EventLoopMonitor monitor) {
		return new StallWatch(monitor, new StackReader(List.of()), StallSettings.DEFAULT);
	}

}
