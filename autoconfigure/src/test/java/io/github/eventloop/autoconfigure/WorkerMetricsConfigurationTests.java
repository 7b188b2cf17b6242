package io.github.eventloop.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.metrics.internal.WorkerMetrics;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.ManualMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the meters of worker threads of {@link EventLoopMetricsAutoConfiguration}.
 */
class WorkerMetricsConfigurationTests {

	private final ManualMonitor time = new ManualMonitor();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(EventLoopMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
						CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
		.withBean(EventLoopMonitor.class, this.time::monitor)
		.withPropertyValues("eventloop.workers.enabled=true");

	@Test
	void whenEnabledShouldBindMetersToTheRegistry() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(WorkerMetrics.class);
			assertThat(context.getBean(MeterRegistry.class).get("eventloop.workers.latency").timers()).hasSize(2);
			assertThat(context.getBean(MeterRegistry.class).get("eventloop.workers.waiting").gauges()).hasSize(2);
		});
	}

	@Test
	void byDefaultShouldBackOff() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopMetricsAutoConfiguration.class,
					MetricsAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
			.withBean(EventLoopMonitor.class, this.time::monitor)
			.run((context) -> assertThat(context).doesNotHaveBean(WorkerMetrics.class));
	}

	@Test
	void whenThereIsNoMonitorShouldBackOff() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopMetricsAutoConfiguration.class,
					MetricsAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
			.withPropertyValues("eventloop.workers.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(MeterRegistry.class)
				.doesNotHaveBean(WorkerMetrics.class));
	}

	@Test
	void whenThereIsNoRegistryShouldBackOff() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(EventLoopMetricsAutoConfiguration.class))
			.withBean(EventLoopMonitor.class, this.time::monitor)
			.withPropertyValues("eventloop.workers.enabled=true")
			.run((context) -> assertThat(context).doesNotHaveBean(WorkerMetrics.class));
	}

	@Test
	void whenMicrometerIsMissingShouldBackOff() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(EventLoopMetricsAutoConfiguration.class))
			.withBean(EventLoopMonitor.class, this.time::monitor)
			.withPropertyValues("eventloop.workers.enabled=true")
			.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(WorkerMetrics.class));
	}

	@Test
	void whenReactorIsMissingShouldBackOff() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Schedulers.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(WorkerMetrics.class));
	}

}
