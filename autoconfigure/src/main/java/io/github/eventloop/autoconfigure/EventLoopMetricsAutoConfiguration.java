package io.github.eventloop.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.metrics.internal.BlockingMetrics;
import io.github.eventloop.metrics.internal.EventLoopMetrics;
import io.github.eventloop.metrics.internal.HealthMetrics;
import io.github.eventloop.metrics.internal.MeteredPools;
import io.github.eventloop.metrics.internal.SheddingMetrics;
import io.github.eventloop.metrics.internal.WorkerMetrics;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.shedding.internal.SheddingWebFilter;
import io.github.eventloop.stall.StallDetector;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the meters of event loops and of
 * Reactor's worker schedulers. Boot binds them to its registries.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class },
		afterName = { "io.github.eventloop.autoconfigure.EventLoopAutoConfiguration",
				"io.github.eventloop.autoconfigure.EventLoopSheddingAutoConfiguration" })
@ConditionalOnClass({ MeterRegistry.class, MetricsAutoConfiguration.class })
@ConditionalOnBean({ EventLoopMonitor.class, MeterRegistry.class })
@ConditionalOnEventLoopEnabled
public final class EventLoopMetricsAutoConfiguration {

	@Bean
	EventLoopMetrics eventLoopMetrics(EventLoopMonitor monitor, ObjectProvider<StallDetector> stalls) {
		return new EventLoopMetrics(monitor, stalls.getIfAvailable());
	}

	@Bean
	@Conditional(OnServiceRole.class) // Both meters are about leaving service.
	@ConditionalOnBean(EventLoopHealth.class)
	HealthMetrics eventLoopHealthMetrics(EventLoopHealth health) {
		return new HealthMetrics(health);
	}

	@Bean
	MeteredPools eventLoopMeteredPools(MeterRegistry registry) {
		return new MeteredPools(registry);
	}

	@Bean
	@ConditionalOnBean(BlockingCalls.class)
	BlockingMetrics eventLoopBlockingMetrics(BlockingCalls calls) {
		return new BlockingMetrics(calls);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebFilter.class)
	@ConditionalOnBean(SheddingWebFilter.class)
	static class SheddingMetricsConfiguration {

		@Bean
		SheddingMetrics eventLoopSheddingMetrics(EventLoopMonitor monitor, SheddingWebFilter filter) {
			return new SheddingMetrics(monitor, filter::shed);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Schedulers.class)
	@ConditionalOnEventLoopEnabled("eventloop.workers.enabled")
	static class WorkerMetricsConfiguration {

		@Bean
		WorkerMetrics eventLoopWorkerMetrics(EventLoopMonitor monitor) {
			return new WorkerMetrics(monitor);
		}

		@Bean
		WorkerWaits eventLoopWorkerWaits(WorkerMetrics metrics) {
			return metrics::waits;
		}

	}

}
