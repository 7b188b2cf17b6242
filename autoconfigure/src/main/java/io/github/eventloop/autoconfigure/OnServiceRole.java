package io.github.eventloop.autoconfigure;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;

/**
 * Condition that matches if the event loops decide whether the application is in service:
 * in a reactive web application, whose requests they handle, or if the user asks for it.
 * A servlet application answers requests on threads of its own, and an application
 * without a web server has none.
 */
class OnServiceRole extends AnyNestedCondition {

	OnServiceRole() {
		super(ConfigurationPhase.REGISTER_BEAN);
	}

	@ConditionalOnWebApplication(type = Type.REACTIVE)
	static class ReactiveApplication {

	}

	@ConditionalOnEventLoopEnabled("eventloop.readiness.enabled")
	static class Requested {

	}

}
