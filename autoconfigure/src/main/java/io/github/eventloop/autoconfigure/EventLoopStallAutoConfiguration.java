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
import io.github.eventloop.stall.StallAnnouncer;
import io.github.eventloop.stall.StallWatch;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the explaining of stalls.
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
	StallAnnouncer eventLoopStallAnnouncer(EventLoopProperties properties, ApplicationEventPublisher publisher) {
		return new StallAnnouncer(properties.toStallSettings(), publisher::publishEvent);
	}

	@Bean(initMethod = "start")
	@Lazy(false) // Nobody has to ask for stalls for them to be seen.
	StallWatch eventLoopStallWatch(EventLoopMonitor monitor, StackReader reader, EventLoopProperties properties,
			StallAnnouncer announcer, ObjectProvider<ExhaustedPools> pools) {
		List<ExhaustedPools> all = pools.orderedStream().toList();
		StallWatch watch = new StallWatch(monitor, reader, properties.toStallSettings(),
				() -> all.stream().flatMap((each) -> each.describe().stream()).toList());
		watch.addListener(announcer);
		return watch;
	}

}
