package io.github.eventloop.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;
import reactor.netty.http.server.HttpServer;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.netty.internal.ConnectionDrain;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the contribution of the event
 * loops to the readiness and liveness probes, and for what depends on readiness.
 * <p>
 * Must come after {@code AvailabilityProbesAutoConfiguration}, not only for its beans:
 * its post-processor, which creates the groups of the probes, has the lowest precedence,
 * and post-processors of the same order run in the order of their definition.
 * <p>
 * Not part of {@link EventLoopHealthContributorAutoConfiguration}, because a condition
 * can only depend on a bean of an auto-configuration that comes before.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopHealthContributorAutoConfiguration.class,
		afterName = {
				"org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration",
				"org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration" })
@ConditionalOnBean(EventLoopHealth.class)
@ConditionalOnEventLoopEnabled
@EnableConfigurationProperties({ ReadinessProperties.class, LivenessProperties.class })
public final class EventLoopProbesAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthEndpointGroupsPostProcessor.class, AdditionalPathsMapper.class })
	@Conditional(OnProbeContributor.class)
	static class HealthGroupsConfiguration {

		@Bean
		ProbeGroupsPostProcessor eventLoopProbeGroupsPostProcessor(ObjectProvider<HealthEndpointProperties> groups,
				ReadinessProperties readiness, LivenessProperties liveness) {
			return new ProbeGroupsPostProcessor(groups, readiness.isEnabled(), liveness.isEnabled());
		}

		@Bean
		@ConditionalOnWebApplication(type = Type.REACTIVE)
		@ConditionalOnBean({ HealthContributorRegistry.class, ReactiveHealthContributorRegistry.class })
		ProbeContributors eventLoopProbeContributors(HealthContributorRegistry registry,
				ReactiveHealthContributorRegistry reactive) {
			return new ProbeContributors(registry, reactive);
		}

	}

	/**
	 * Drains the server's connections while the application is out of service, or stays
	 * in service although it lags. Backs off if the event loops are not part of
	 * readiness: clients would only reconnect to the same instance.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpServer.class, NettyServerCustomizer.class })
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	@ConditionalOnBean(name = OnProbeContributor.READINESS)
	@ConditionalOnEventLoopEnabled(value = { "eventloop.readiness.enabled", "eventloop.readiness.close-connections" },
			matchIfMissing = true)
	static class ConnectionDrainConfiguration {

		@Bean
		NettyServerCustomizer eventLoopConnectionDrain(ObjectProvider<EventLoopHealth> health) {
			// Resolved on the first request: a bean that the status depends on may need
			// the server.
			SingletonSupplier<EventLoopHealth> healthSupplier = SingletonSupplier.of(health::getObject);
			ConnectionDrain drain = new ConnectionDrain(() -> healthSupplier.obtain().isDraining(),
					() -> !healthSupplier.obtain().status().isInService());
			return (server) -> server.childObserve(drain);
		}

	}

}
