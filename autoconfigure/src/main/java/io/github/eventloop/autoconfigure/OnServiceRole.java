package io.github.eventloop.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.web.context.reactive.ConfigurableReactiveWebEnvironment;
import org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * Condition that matches if the event loops decide whether the application is in service:
 * in a reactive web application, whose requests they handle, or if the user asks for it.
 * A servlet application answers requests on threads of its own, and an application
 * without a web server has none. Without this role, trouble of the loops is reported, but
 * nothing leaves service.
 */
class OnServiceRole extends SpringBootCondition {

	/** As Boot's condition on reactive web applications. */
	private static final String WEBFLUX = "org.springframework.web.reactive.HandlerResult";

	private static final String REQUEST = "eventloop.readiness.enabled";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Service role");
		return isHeld(context.getEnvironment(), context.getResourceLoader())
				? ConditionOutcome.match(message.because("reactive web application, or " + REQUEST + " is true"))
				: ConditionOutcome
					.noMatch(message.because("no reactive web application, and " + REQUEST + " is not true"));
	}

	/**
	 * Return whether the event loops decide whether an application is in service.
	 * @param environment the environment of the application
	 * @param context the application context, if it is the loader
	 * @return whether they decide
	 */
	static boolean isHeld(Environment environment, ResourceLoader context) {
		boolean reactive = environment instanceof ConfigurableReactiveWebEnvironment
				|| context instanceof ReactiveWebApplicationContext;
		return (reactive && ClassUtils.isPresent(WEBFLUX, context.getClassLoader()))
				|| (OnEventLoopEnabledCondition.isEnabled(environment)
						&& OnEventLoopEnabledCondition.isTrue(environment, REQUEST, false));
	}

}
