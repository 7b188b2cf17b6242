package io.github.eventloop.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import org.springframework.context.annotation.Bean;

import io.github.eventloop.health.EventLoopHealth;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the contribution of the event
 * loops to the readiness and liveness probes.
 * <p>
 * Must come after {@link AvailabilityProbesAutoConfiguration}, not only for its beans:
 * its post-processor, which creates the groups of the probes, has the lowest precedence,
 * and post-processors of the same order run in the order of their definition.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { AvailabilityProbesAutoConfiguration.class,
		HealthContributorRegistryAutoConfiguration.class, EventLoopHealthContributorAutoConfiguration.class })
@ConditionalOnClass({ HealthEndpointGroupsPostProcessor.class, AdditionalPathsMapper.class })
@ConditionalOnBean(EventLoopHealth.class)
@EnableConfigurationProperties({ ReadinessProperties.class, LivenessProperties.class })
public final class EventLoopProbesAutoConfiguration {

	@Bean
	ProbeGroupsPostProcessor eventLoopProbeGroupsPostProcessor(ObjectProvider<HealthEndpointProperties> groups,
			ReadinessProperties readiness, LivenessProperties liveness) {
		return new ProbeGroupsPostProcessor(groups, readiness.isEnabled(), liveness.isEnabled());
	}

	@Bean
	@ConditionalOnBean({ HealthContributorRegistry.class, ReactiveHealthContributorRegistry.class })
	ProbeContributors eventLoopProbeContributors(HealthContributorRegistry registry,
			ReactiveHealthContributorRegistry reactive) {
		return new ProbeContributors(registry, reactive);
	}

}
