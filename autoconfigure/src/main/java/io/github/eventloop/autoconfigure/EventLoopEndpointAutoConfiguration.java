package io.github.eventloop.autoconfigure;

import java.util.Locale;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.eventloop.actuate.BlockingDescriptor;
import io.github.eventloop.actuate.DrillDescriptor;
import io.github.eventloop.actuate.EventLoopEndpoint;
import io.github.eventloop.actuate.EventLoopEndpointJmxExtension;
import io.github.eventloop.actuate.EventLoopEndpointWebExtension;
import io.github.eventloop.actuate.HistoryDescriptor;
import io.github.eventloop.actuate.HotspotsDescriptor;
import io.github.eventloop.actuate.LiveDescriptor;
import io.github.eventloop.actuate.LoopDescriptor;
import io.github.eventloop.actuate.Problem;
import io.github.eventloop.actuate.StallsDescriptor;
import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.stall.Drill;
import io.github.eventloop.stall.StallWatch;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@link EventLoopEndpoint}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { EventLoopStatusAutoConfiguration.class, EventLoopStallAutoConfiguration.class,
		EventLoopBlockingAutoConfiguration.class })
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean({ EventLoopMonitor.class, EventLoopHealth.class, StallWatch.class, BlockingCalls.class })
public final class EventLoopEndpointAutoConfiguration {

	/**
	 * Apart, because a condition on a class of its own jar must be met before Boot meets
	 * the annotation.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnAvailableEndpoint(EventLoopEndpoint.class)
	@EnableConfigurationProperties(EndpointProperties.class)
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@RegisterReflectionForBinding({ HistoryDescriptor.class, LoopDescriptor.class, StallsDescriptor.class,
				HotspotsDescriptor.class, BlockingDescriptor.class, LiveDescriptor.class, DrillDescriptor.class,
				Problem.class })
		EventLoopEndpoint eventLoopEndpoint(EventLoopMonitor monitor, EventLoopHealth health, StallWatch stalls,
				BlockingCalls blocking, BlockingProperties blockingProperties, EndpointProperties properties) {
			String detector = blockingProperties.getDetector().name().toLowerCase(Locale.ROOT);
			return new EventLoopEndpoint(monitor, health, stalls, blocking, detector, properties.toDetails());
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
		EventLoopEndpointWebExtension eventLoopEndpointWebExtension(EventLoopEndpoint endpoint,
				EventLoopMonitor monitor, StallWatch stalls, ObjectProvider<Drill> drill) {
			return new EventLoopEndpointWebExtension(endpoint, monitor, stalls, drill.getIfAvailable());
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.JMX)
		EventLoopEndpointJmxExtension eventLoopEndpointJmxExtension(EventLoopEndpoint endpoint) {
			return new EventLoopEndpointJmxExtension(endpoint);
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnBooleanProperty("eventloop.drill.enabled")
		Drill eventLoopDrill() {
			return new Drill();
		}

	}

}
