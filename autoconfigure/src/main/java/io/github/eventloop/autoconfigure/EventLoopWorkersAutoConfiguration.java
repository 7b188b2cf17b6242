package io.github.eventloop.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.context.annotation.Bean;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.metrics.internal.WorkerMetrics;
import io.github.eventloop.monitor.EventLoopMonitor;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the meters of Reactor's worker
 * schedulers. Boot binds them to its registries.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class },
		afterName = "io.github.eventloop.autoconfigure.EventLoopAutoConfiguration")
@ConditionalOnClass({ MeterRegistry.class, MetricsAutoConfiguration.class, Schedulers.class })
@ConditionalOnBean({ EventLoopMonitor.class, MeterRegistry.class })
@ConditionalOnBoundBoolean("eventloop.workers.enabled")
public final class EventLoopWorkersAutoConfiguration {

	@Bean
	WorkerMetrics eventLoopWorkerMetrics(EventLoopMonitor monitor) {
		return new WorkerMetrics(monitor);
	}

}
