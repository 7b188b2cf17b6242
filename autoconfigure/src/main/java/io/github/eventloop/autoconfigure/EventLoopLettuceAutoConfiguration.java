package io.github.eventloop.autoconfigure;

import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.context.annotation.Bean;

import io.github.eventloop.drivers.DriverLoops;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for monitoring the event loops of
 * Lettuce, the Redis client.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopDriversAutoConfiguration.class)
@ConditionalOnClass({ ClientResourcesBuilderCustomizer.class, DefaultEventLoopGroupProvider.class })
@ConditionalOnEventLoopEnabled(value = "eventloop.drivers.lettuce.enabled", matchIfMissing = true)
@ConditionalOnBean(DriverLoops.class)
public final class EventLoopLettuceAutoConfiguration {

	@Bean
	LettuceLoopsCustomizer eventLoopLettuceLoopsCustomizer(DriverLoops loops) {
		return new LettuceLoopsCustomizer(loops);
	}

}
