package io.github.eventloop.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.stall.ExhaustedPools;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.internal.log.StallNotifier;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the detection and diagnosis of
 * stalls.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopAutoConfiguration.class)
@ConditionalOnBean(EventLoopMonitor.class)
@EnableConfigurationProperties(EventLoopProperties.class)
public final class EventLoopStallAutoConfiguration {

	@Bean
	StackReader eventLoopStackReader(EventLoopProperties properties, BeanFactory beanFactory) {
		return new StackReader(applicationPackages(properties.getStall().getApplicationPackages(), beanFactory));
	}

	private static List<String> applicationPackages(@Nullable List<String> packages, BeanFactory beanFactory) {
		if (packages != null) {
			return packages;
		}
		return AutoConfigurationPackages.has(beanFactory) ? AutoConfigurationPackages.get(beanFactory) : List.of();
	}

	@Bean
	StallNotifier eventLoopStallNotifier(EventLoopProperties properties, ApplicationEventPublisher publisher) {
		return new StallNotifier(properties.toStallSettings(), publisher::publishEvent);
	}

	@Bean(initMethod = "start")
	@Lazy(false) // Detects stalls even if no other bean depends on it.
	StallDetector eventLoopStallDetector(EventLoopMonitor monitor, StackReader reader, EventLoopProperties properties,
			StallNotifier notifier, ObjectProvider<ExhaustedPools> pools) {
		List<ExhaustedPools> all = pools.orderedStream().toList();
		StallDetector detector = new StallDetector(monitor, reader, properties.toStallSettings(),
				() -> all.stream().flatMap((each) -> each.describe().stream()).toList());
		detector.addListener(notifier);
		return detector;
	}

}
