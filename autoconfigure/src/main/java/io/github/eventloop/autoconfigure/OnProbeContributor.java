package io.github.eventloop.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Condition that matches if there is a health contributor for the groups of the probes,
 * which may be the user's.
 */
class OnProbeContributor extends SpringBootCondition implements ConfigurationCondition {

	static final String READINESS = "eventLoopHealthIndicator";

	static final String LIVENESS = "eventLoopLivenessHealthIndicator";

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Contributor to the probes");
		for (String name : new String[] { READINESS, LIVENESS }) {
			if (context.getBeanFactory() != null && context.getBeanFactory().containsBean(name)) {
				return ConditionOutcome.match(message.found("bean").items(name));
			}
		}
		return ConditionOutcome.noMatch(message.didNotFind("bean", "beans").items(READINESS, LIVENESS));
	}

}
