package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/**
 * {@link EnvironmentPostProcessor} that exposes the endpoint over HTTP, so that adding
 * the starter is sufficient. Does nothing if the user configures which endpoints to
 * expose, or if the endpoint is not available. Adds to Boot's default properties, over
 * which every property of the user takes precedence.
 */
class EventLoopExposureEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final String EXPOSURE = "management.endpoints.web.exposure";

	private static final Bindable<List<String>> IDS = Bindable.listOf(String.class);

	/** Classes that the endpoint requires. */
	private static final List<String> REQUIRED = List.of(
			"org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint",
			"reactor.netty.http.server.HttpServer");

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Binder binder = Binder.get(environment);
		boolean configured = binder.bind(EXPOSURE + ".include", IDS).isBound()
				|| binder.bind(EXPOSURE + ".exclude", IDS).isBound();
		if (!configured && hasEndpoint(environment, application)) {
			DefaultPropertiesPropertySource.addOrMerge(Map.of(EXPOSURE + ".include", "health,eventloop"),
					environment.getPropertySources());
		}
	}

	private static boolean hasEndpoint(ConfigurableEnvironment environment, SpringApplication application) {
		try {
			return REQUIRED.stream().allMatch((name) -> ClassUtils.isPresent(name, application.getClassLoader()))
					&& Binder.get(environment)
						.bind("spring.main.web-application-type", WebApplicationType.class)
						.orElse(application.getWebApplicationType()) != WebApplicationType.SERVLET
					&& OnEventLoopEnabledCondition.isEnabled(environment);
		}
		catch (BindException ex) {
			// Logging is not set up yet. The next component that binds the value reports
			// it.
			return false;
		}
	}

	/** Run after all post-processors that load the user's configuration. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
