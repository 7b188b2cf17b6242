package io.github.eventloop.autoconfigure;

import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.util.ClassUtils;

/**
 * What WebFlux and servlet applications have to know about the event loop endpoint.
 */
final class EndpointFacts {

	static final EndpointId ID = EndpointId.of("eventloop");

	private EndpointFacts() {
	}

	/** Return the methods of the endpoint's operations. */
	static Set<HttpMethod> methods(WebEndpointsSupplier endpoints) {
		return endpoints.getEndpoints()
			.stream()
			.filter((endpoint) -> endpoint.getEndpointId().equals(ID))
			.flatMap((endpoint) -> endpoint.getOperations().stream())
			.map((operation) -> HttpMethod.valueOf(operation.getRequestPredicate().getHttpMethod().name()))
			.collect(Collectors.toSet());
	}

	/** Return whether this may be a developer's own machine. */
	static boolean isOwnMachine(Environment environment) {
		return CloudPlatform.getActive(environment) == null && !ClassUtils
			.isPresent("org.springframework.security.core.Authentication", EndpointFacts.class.getClassLoader());
	}

	/**
	 * Return an encoder of responses. Without an {@link EndpointJsonMapper}, which is
	 * Actuator's own, the application's codecs write the response.
	 */
	static @Nullable Function<OperationResponseBody, byte[]> encoder(@Nullable EndpointJsonMapper json) {
		return (json != null) ? (body) -> json.get().writeValueAsBytes(body) : null;
	}

}
