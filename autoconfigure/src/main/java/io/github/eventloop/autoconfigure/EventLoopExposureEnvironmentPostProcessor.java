package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Exposes the endpoint over HTTP where the user has not said what to expose, so that
 * adding the starter is enough. It works on Boot's default properties, which any property
 * of the user precedes.
 */
class EventLoopExposureEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final String EXPOSURE = "management.endpoints.web.exposure";

	private static final Bindable<List<String>> IDS = Bindable.listOf(String.class);

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Binder binder = Binder.get(environment);
		boolean said = binder.bind(EXPOSURE + ".include", IDS).isBound()
				|| binder.bind(EXPOSURE + ".exclude", IDS).isBound();
		if (!said && environment.getProperty("eventloop.enabled", Boolean.class, true)) {
			DefaultPropertiesPropertySource.addOrMerge(Map.of(EXPOSURE + ".include", "health,eventloop"),
					environment.getPropertySources());
		}
	}

	/** After everything that reads the user's configuration. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
