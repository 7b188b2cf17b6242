package io.github.eventloop.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import reactor.core.scheduler.NonBlocking;

import io.github.eventloop.drivers.DriverLoops;
import io.github.eventloop.monitor.EventLoopMonitor;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for monitoring the event loops of
 * drivers, of which each has an auto-configuration of its own. Requires only Netty and
 * Reactor's core, because Lettuce, gRPC and MongoDB's driver do not use Reactor Netty.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopAutoConfiguration.class)
@ConditionalOnClass(value = NonBlocking.class, name = "io.netty.channel.MultiThreadIoEventLoopGroup")
@ConditionalOnEventLoopEnabled
@ConditionalOnBean(EventLoopMonitor.class)
@EnableConfigurationProperties(DriversProperties.class)
public final class EventLoopDriversAutoConfiguration {

	@Bean
	DriverLoops eventLoopDriverLoops(DriversProperties properties) {
		return new DriverLoops(properties.isCountInStatus());
	}

}
