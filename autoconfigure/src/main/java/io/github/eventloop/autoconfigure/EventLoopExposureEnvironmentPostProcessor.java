package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/**
 * {@link EnvironmentPostProcessor} that exposes the endpoint over HTTP, so that adding
 * the starter is sufficient. Does nothing if the user configures which endpoints to
 * expose, or if the endpoint is not available. Adds to Boot's default properties, over
 * which every property of the user takes precedence. If the library is disabled, nothing
 * else of it is active, so it is logged here.
 */
class EventLoopExposureEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final String EXPOSURE = "management.endpoints.web.exposure";

	private static final Bindable<List<String>> IDS = Bindable.listOf(String.class);

	private static final String NETTY = "io.netty.channel.MultiThreadIoEventLoopGroup";

	/** Classes that the endpoint requires. */
	private static final List<String> REQUIRED = List.of(
			"org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint",
			"reactor.core.publisher.Mono");

	/** Replayed once logging is set up. */
	private final Log logger;

	EventLoopExposureEnvironmentPostProcessor(DeferredLogFactory logs) {
		this.logger = logs.getLog(EventLoopExposureEnvironmentPostProcessor.class);
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (!isPresent(NETTY, application) || !isEnabled(environment)) {
			return;
		}
		Binder binder = Binder.get(environment);
		boolean configured = binder.bind(EXPOSURE + ".include", IDS).isBound()
				|| binder.bind(EXPOSURE + ".exclude", IDS).isBound();
		if (!configured && isEndpointPresent(application)) {
			DefaultPropertiesPropertySource.addOrMerge(Map.of(EXPOSURE + ".include", "health,eventloop"),
					environment.getPropertySources());
		}
	}

	private static boolean isEndpointPresent(SpringApplication application) {
		for (String name : REQUIRED) {
			if (!isPresent(name, application)) {
				return false;
			}
		}
		return true;
	}

	private static boolean isPresent(String className, SpringApplication application) {
		return ClassUtils.isPresent(className, application.getClassLoader());
	}

	private boolean isEnabled(ConfigurableEnvironment environment) {
		try {
			boolean enabled = OnEventLoopEnabledCondition.isEnabled(environment);
			if (!enabled) {
				this.logger.info("Event loops are not measured: eventloop.enabled is false");
			}
			return enabled;
		}
		catch (BindException ex) {
			// The next component that binds the value reports it.
			return false;
		}
	}

	/** Run after all post-processors that load the user's configuration. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
