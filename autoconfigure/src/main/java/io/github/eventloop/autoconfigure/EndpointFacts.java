package io.github.eventloop.autoconfigure;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.info.BuildProperties;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.util.ClassUtils;

import io.github.eventloop.actuate.internal.ApplicationDescriptor;

/**
 * What WebFlux and servlet applications have to know about the event loop endpoint.
 */
final class EndpointFacts {

	static final EndpointId ID = EndpointId.of("eventloop");

	private EndpointFacts() {
	}

	/** Return the methods of the endpoint's operations. */
	static Set<HttpMethod> methods(WebEndpointsSupplier endpoints) {
		Set<HttpMethod> methods = new HashSet<>();
		for (ExposableWebEndpoint endpoint : endpoints.getEndpoints()) {
			if (endpoint.getEndpointId().equals(ID)) {
				for (WebOperation operation : endpoint.getOperations()) {
					methods.add(HttpMethod.valueOf(operation.getRequestPredicate().getHttpMethod().name()));
				}
			}
		}
		return methods;
	}

	/** Return whether this may be a developer's own machine. */
	static boolean isOwnMachine(Environment environment) {
		return CloudPlatform.getActive(environment) == null && !ClassUtils
			.isPresent("org.springframework.security.core.Authentication", EndpointFacts.class.getClassLoader());
	}

	/**
	 * Return which application this is, without a lookup of the name of its host in DNS,
	 * which may take seconds.
	 */
	static ApplicationDescriptor application(Environment environment, @Nullable BuildProperties build) {
		String host = text(environment, "POD_NAME");
		String version = (build != null) ? build.getVersion() : null;
		return new ApplicationDescriptor(text(environment, "spring.application.name"),
				Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()),
				(host != null) ? host : text(environment, "HOSTNAME"),
				(version != null) ? version : text(environment, "spring.application.version"));
	}

	private static @Nullable String text(Environment environment, String property) {
		String value = environment.getProperty(property, "");
		return value.isBlank() ? null : value;
	}

	/**
	 * Return an encoder of responses. Without an {@link EndpointJsonMapper}, which is
	 * Actuator's own, the application's codecs write the response.
	 */
	static @Nullable Function<OperationResponseBody, byte[]> encoder(@Nullable EndpointJsonMapper json) {
		return (json != null) ? (body) -> json.get().writeValueAsBytes(body) : null;
	}

}
