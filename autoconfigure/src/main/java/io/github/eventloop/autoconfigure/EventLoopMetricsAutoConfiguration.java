package io.github.eventloop.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.context.annotation.Bean;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.metrics.EventLoopMetrics;
import io.github.eventloop.monitor.EventLoopMonitor;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the meters of event loops. Boot
 * binds them to its registries.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class },
		afterName = "io.github.eventloop.autoconfigure.EventLoopAutoConfiguration")
@ConditionalOnClass({ MeterRegistry.class, MetricsAutoConfiguration.class })
@ConditionalOnBean({ EventLoopMonitor.class, MeterRegistry.class })
public final class EventLoopMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	EventLoopMetrics eventLoopMetrics(EventLoopMonitor monitor, ObjectProvider<EventLoopHealth> health) {
		EventLoopHealth judge = health.getIfAvailable();
		return new EventLoopMetrics(monitor, (judge != null) ? () -> !judge.status().isInService() : null);
	}

}
