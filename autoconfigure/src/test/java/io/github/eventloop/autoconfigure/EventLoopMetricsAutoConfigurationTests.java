package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.metrics.internal.EventLoopMetrics;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link EventLoopMetricsAutoConfiguration}.
 */
class EventLoopMetricsAutoConfigurationTests {

	private final ManualMonitor time = new ManualMonitor();

	private final ManualLoop loop = this.time.addLoop("test", "loop-1");

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventLoopMetricsAutoConfiguration.class,
				MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
				PrometheusMetricsExportAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
		.withBean(EventLoopMonitor.class, this.time::monitor);

	private final ApplicationContextRunner bareContextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventLoopMetricsAutoConfiguration.class))
		.withBean(EventLoopMonitor.class, this.time::monitor);

	@Test
	void runShouldBindMetersToTheRegistry() {
		this.contextRunner.run((context) -> {
			runLoopForOneSecond();
			assertThat(context).hasSingleBean(EventLoopMetrics.class);
			assertThat(context.getBean(MeterRegistry.class).get("eventloop.lag").timer().count()).isBetween(99L, 101L);
		});
	}

	@Test
	void whenThereIsNoMonitorShouldBackOff() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopMetricsAutoConfiguration.class,
					MetricsAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
			.run((context) -> assertThat(context).hasSingleBean(MeterRegistry.class)
				.doesNotHaveBean(EventLoopMetrics.class));
	}

	@Test
	void whenThereIsNoRegistryShouldBackOff() {
		this.bareContextRunner.run((context) -> assertThat(context).doesNotHaveBean(EventLoopMetrics.class));
	}

	@Test
	void whenMicrometerIsMissingShouldBackOff() {
		this.bareContextRunner.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EventLoopMetrics.class));
	}

	@Test
	void whenBootsMicrometerModuleIsMissingShouldBackOff() {
		this.bareContextRunner.withBean(SimpleMeterRegistry.class)
			.run((context) -> assertThat(context).hasSingleBean(EventLoopMetrics.class));
		this.bareContextRunner.withBean(SimpleMeterRegistry.class)
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.micrometer.metrics"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EventLoopMetrics.class));
	}

	@Test
	void whenHistogramIsEnabledLagShouldBeAnAggregatableHistogram() {
		this.contextRunner
			.withPropertyValues("management.metrics.distribution.percentiles-histogram.eventloop.lag=true")
			.run((context) -> {
				runLoopForOneSecond();
				assertThat(buckets(context.getBean(PrometheusMeterRegistry.class)))
					.anyMatch((bucket) -> bucket.contains("le=\"1.0E-4\""))
					.anyMatch((bucket) -> bucket.contains("le=\"30.0\""))
					.allMatch((bucket) -> bucket
						.startsWith("eventloop_lag_seconds_bucket{group=\"test\",name=\"loop-1\","))
					.last()
					.asString()
					.contains("le=\"+Inf\"")
					.satisfies((last) -> assertThat(value(last)).isBetween(99.0, 101.0));
			});
	}

	@Test
	void whenThereAreSeveralRegistriesHistogramShouldReachPrometheus() {
		this.contextRunner.withBean("other", SimpleMeterRegistry.class)
			.withPropertyValues("management.metrics.distribution.percentiles-histogram.eventloop.lag=true")
			.run((context) -> {
				runLoopForOneSecond();
				assertThat(buckets(context.getBean(PrometheusMeterRegistry.class)))
					.anyMatch((bucket) -> bucket.contains("le=\"30.0\""));
				assertThat(context.getBean("other", MeterRegistry.class).get("eventloop.lag").timer().count())
					.isBetween(99L, 101L);
			});
	}

	@Test
	void byDefaultShouldHaveNoBuckets() {
		this.contextRunner.run((context) -> {
			runLoopForOneSecond();
			assertThat(buckets(context.getBean(PrometheusMeterRegistry.class))).isEmpty();
		});
	}

	@Test
	void whenObjectivesAndExpectedValuesAreSetShouldHonourThem() {
		this.contextRunner
			.withPropertyValues("management.metrics.distribution.slo.eventloop.lag=10ms,200ms",
					"management.metrics.distribution.percentiles.eventloop.lag=0.99",
					"management.metrics.distribution.maximum-expected-value.eventloop.lag=5s")
			.run((context) -> {
				runLoopForOneSecond();
				String scrape = context.getBean(PrometheusMeterRegistry.class).scrape();
				assertThat(scrape).contains("le=\"0.01\"", "le=\"0.2\"").doesNotContain("le=\"30.0\"");
			});
		this.contextRunner.withPropertyValues("management.metrics.distribution.percentiles.eventloop.lag=0.99")
			.run((context) -> {
				runLoopForOneSecond();
				assertThat(context.getBean(PrometheusMeterRegistry.class).scrape())
					.contains("eventloop_lag_seconds{group=\"test\",name=\"loop-1\",quantile=\"0.99\"}");
			});
	}

	@Test
	void whenMetersAreDisabledShouldHaveNone() {
		this.contextRunner.withPropertyValues("management.metrics.enable.eventloop=false").run((context) -> {
			runLoopForOneSecond();
			assertThat(context.getBean(PrometheusMeterRegistry.class).scrape()).doesNotContain("eventloop_");
		});
	}

	@Test
	void whenHealthIsOutOfServiceGaugeShouldBeOne() {
		EventLoopHealth health = mock(EventLoopHealth.class);
		given(health.status()).willReturn(EventLoopStatus.HEALTHY, EventLoopStatus.STUCK);
		this.contextRunner.withPropertyValues("eventloop.readiness.enabled=true")
			.withBean(EventLoopHealth.class, () -> health)
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.get("eventloop.out.of.service").gauge().value()).isZero();
				assertThat(registry.get("eventloop.out.of.service").gauge().value()).isOne();
			});
	}

	@Test
	void whenContextClosesShouldRemoveMetersFromSharedRegistries() {
		SimpleMeterRegistry shared = new SimpleMeterRegistry();
		this.contextRunner
			.withBean("shared", MeterRegistry.class, () -> shared, (bean) -> bean.setDestroyMethodName(""))
			.run((context) -> {
				runLoopForOneSecond();
				assertThat(shared.find("eventloop.lag").timer()).isNotNull();
				context.getSourceApplicationContext().close();
				assertThat(shared.find("eventloop.lag").timer()).isNull();
				assertThat(shared.find("eventloop.pauses").timer()).isNull();
			});
	}

	private void runLoopForOneSecond() {
		this.loop.start();
		this.time.pass(Duration.ofSeconds(1));
		this.time.endSecond();
	}

	private static List<String> buckets(PrometheusMeterRegistry registry) {
		return registry.scrape().lines().filter((line) -> line.startsWith("eventloop_lag_seconds_bucket")).toList();
	}

	private static double value(String sample) {
		return Double.parseDouble(sample.substring(sample.lastIndexOf(' ') + 1));
	}

}
