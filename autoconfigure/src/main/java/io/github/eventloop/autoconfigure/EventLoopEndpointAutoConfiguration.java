package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.Locale;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
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
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.StallSettings;
import io.github.eventloop.stall.StallWatch;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@link EventLoopEndpoint}.
 * Needs nothing but a monitor: what another auto-configuration that is excluded would
 * contribute is missing from the answers.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { EventLoopStatusAutoConfiguration.class, EventLoopStallAutoConfiguration.class,
		EventLoopBlockingAutoConfiguration.class })
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(EventLoopMonitor.class)
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
		EventLoopEndpoint eventLoopEndpoint(EventLoopMonitor monitor, ObjectProvider<EventLoopHealth> health,
				ObjectProvider<StallWatch> stalls, ObjectProvider<BlockingCalls> blocking,
				ObjectProvider<BlockingProperties> blockingProperties, EndpointProperties properties) {
			BlockingProperties.Detector detector = blockingProperties.getIfAvailable(BlockingProperties::new)
				.getDetector();
			return new EventLoopEndpoint(monitor, health.getIfAvailable(), stallsOf(monitor, stalls),
					blocking.getIfAvailable(() -> new BlockingCalls(new StackReader(List.of()))),
					detector.name().toLowerCase(Locale.ROOT), properties.toDetails());
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
		EventLoopEndpointWebExtension eventLoopEndpointWebExtension(EventLoopEndpoint endpoint,
				EventLoopMonitor monitor, ObjectProvider<StallWatch> stalls, ObjectProvider<Drill> drill) {
			return new EventLoopEndpointWebExtension(endpoint, monitor, stallsOf(monitor, stalls),
					drill.getIfAvailable());
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.JMX)
		EventLoopEndpointJmxExtension eventLoopEndpointJmxExtension(EventLoopEndpoint endpoint) {
			return new EventLoopEndpointJmxExtension(endpoint);
		}

		@Bean
		@ConditionalOnBoundBoolean("eventloop.drill.enabled")
		Drill eventLoopDrill() {
			return new Drill();
		}

		/**
		 * Without the auto-configuration of stalls, one that is not started sees none.
		 */
		private static StallWatch stallsOf(EventLoopMonitor monitor, ObjectProvider<StallWatch> stalls) {
			return stalls
				.getIfAvailable(() -> new StallWatch(monitor, new StackReader(List.of()), StallSettings.DEFAULT));
		}

	}

}
