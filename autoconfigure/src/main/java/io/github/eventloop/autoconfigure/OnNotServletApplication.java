package io.github.eventloop.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;

/**
 * Condition that matches reactive web applications, and applications that are not a
 * server but may use Reactor Netty as a client. A servlet application blocks threads of
 * its own.
 */
class OnNotServletApplication extends NoneNestedConditions {

	OnNotServletApplication() {
		super(ConfigurationPhase.PARSE_CONFIGURATION);
	}

	@ConditionalOnWebApplication(type = Type.SERVLET)
	static class ServletApplication {

	}

}
