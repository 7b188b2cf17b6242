package io.github.eventloop.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.blocking.BlockingDetector;
import io.github.eventloop.blocking.BlockingSettings;
import io.github.eventloop.blocking.internal.BlockHoundBlockingDetector;
import io.github.eventloop.blocking.internal.JfrBlockingDetector;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.stall.StackReader;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the detection of blocking calls.
 * The {@link BlockingCalls} bean is always present, and stays empty without a detector.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopStallAutoConfiguration.class)
@ConditionalOnBean({ EventLoopMonitor.class, StackReader.class })
@EnableConfigurationProperties(BlockingProperties.class)
public final class EventLoopBlockingAutoConfiguration {

	@Bean
	BlockingCalls eventLoopBlockingCalls(StackReader reader) {
		return new BlockingCalls(reader);
	}

	@Bean(initMethod = "start", destroyMethod = "close")
	@ConditionalOnMissingBean
	@Lazy(false)
	BlockingDetector eventLoopBlockingDetector(BlockingProperties properties, EventLoopMonitor monitor,
			BlockingCalls calls) {
		BlockingSettings settings = properties.toSettings();
		return switch (properties.getDetector()) {
			case NONE -> BlockingDetector.none();
			case JFR -> new JfrBlockingDetector(monitor, calls, settings);
			case BLOCKHOUND -> new BlockHoundBlockingDetector(monitor, calls);
		};
	}

}
