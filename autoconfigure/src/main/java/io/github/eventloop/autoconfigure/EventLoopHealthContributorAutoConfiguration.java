package io.github.eventloop.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.EventLoopHealthIndicator;
import io.github.eventloop.health.EventLoopLivenessHealthIndicator;
import io.github.eventloop.monitor.InvalidSettingException;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the health contributors of the
 * event loops.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopAutoConfiguration.class, before = HealthContributorAutoConfiguration.class)
@ConditionalOnClass(value = Health.class, name = "reactor.core.publisher.Mono")
@ConditionalOnBean(EventLoopHealth.class)
@ConditionalOnEventLoopEnabled
@EnableConfigurationProperties(LivenessProperties.class)
public final class EventLoopHealthContributorAutoConfiguration {

	@Bean
	@Conditional(OnServiceRole.class)
	@ConditionalOnEnabledHealthIndicator("eventloop")
	@ConditionalOnMissingBean(name = "eventLoopHealthIndicator")
	EventLoopHealthIndicator eventLoopHealthIndicator(EventLoopHealth health) {
		return new EventLoopHealthIndicator(health);
	}

	@Bean
	@ConditionalOnEventLoopEnabled("eventloop.liveness.enabled")
	@ConditionalOnMissingBean(name = "eventLoopLivenessHealthIndicator")
	EventLoopLivenessHealthIndicator eventLoopLivenessHealthIndicator(EventLoopHealth health,
			LivenessProperties properties) {
		try {
			return new EventLoopLivenessHealthIndicator(health, properties.getStuckAfter());
		}
		catch (InvalidSettingException ex) {
			throw InvalidProperty.of("eventloop.liveness", ex);
		}
	}

}
