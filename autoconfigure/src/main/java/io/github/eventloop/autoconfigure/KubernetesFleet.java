package io.github.eventloop.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.NestedExceptionUtils;

/**
 * The property that enables {@link EventLoopKubernetesAutoConfiguration}, and what it
 * requires.
 */
final class KubernetesFleet {

	static final String PROPERTY = "eventloop.readiness.fleet";

	static final String VALUE = "kubernetes";

	private static final String RULE = "requires the dependencies io.fabric8:kubernetes-client and an HTTP client for it,"
			+ " such as io.fabric8:kubernetes-httpclient-jdk";

	private KubernetesFleet() {
	}

	/**
	 * Create the exception for a client that is missing or cannot be created.
	 */
	static InvalidConfigurationPropertyValueException withoutClient(@Nullable Throwable cause) {
		return new InvalidConfigurationPropertyValueException(PROPERTY, VALUE, (cause != null)
				? RULE + ". The client could not be created: " + NestedExceptionUtils.getMostSpecificCause(cause)
				: RULE);
	}

}
