package io.github.eventloop.autoconfigure;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.eventloop.actuate.EventLoopEndpoint;
import io.github.eventloop.actuate.HistoryDescriptor;
import io.github.eventloop.actuate.LoopDescriptor;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.monitor.EventLoopMonitor;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@link EventLoopEndpoint}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopStatusAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean({ EventLoopMonitor.class, EventLoopHealth.class })
public final class EventLoopEndpointAutoConfiguration {

	/**
	 * Apart, because a condition on a class of its own jar must be met before Boot meets
	 * the annotation.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnAvailableEndpoint(EventLoopEndpoint.class)
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@RegisterReflectionForBinding({ HistoryDescriptor.class, LoopDescriptor.class,
				EventLoopEndpoint.Missing.class })
		EventLoopEndpoint eventLoopEndpoint(EventLoopMonitor monitor, EventLoopHealth health) {
			return new EventLoopEndpoint(monitor, health);
		}

	}

}
