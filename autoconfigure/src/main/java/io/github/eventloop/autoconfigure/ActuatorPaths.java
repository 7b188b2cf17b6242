package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.core.env.Environment;

/**
 * Path patterns of the Actuator endpoints, on the application's port and on a separate
 * management port. There is one pattern for each operation of an endpoint: a path below
 * the base path that is not mapped to an operation is treated like any other path that
 * does not exist.
 *
 * @param application the patterns on the application's port
 * @param management the patterns on the management port
 */
record ActuatorPaths(List<String> application, List<String> management) {

	private static final EndpointId HEALTH = EndpointId.of("health");

	static ActuatorPaths of(PathMappedEndpoints endpoints, Environment environment) {
		ManagementPortType port = ManagementPortType.get(environment);
		return new ActuatorPaths(
				Stream
					.concat(additional(endpoints, WebServerNamespace.SERVER),
							(port == ManagementPortType.SAME) ? mapped(endpoints, "") : Stream.empty())
					.toList(),
				Stream.concat(additional(endpoints, WebServerNamespace.MANAGEMENT), mapped(endpoints, "/")).toList());
	}

	private static Stream<String> additional(PathMappedEndpoints endpoints, WebServerNamespace namespace) {
		return endpoints.getAdditionalPaths(namespace, HEALTH).stream();
	}

	/** The links page comes first. It is mapped to the root on a management port only. */
	private static Stream<String> mapped(PathMappedEndpoints endpoints, String root) {
		String base = endpoints.getBasePath();
		String links = base.isEmpty() ? root : base;
		return Stream.concat(Stream.of(links).filter((path) -> !path.isEmpty()),
				endpoints.stream().flatMap(ActuatorPaths::relative).map((path) -> base + "/" + path));
	}

	private static Stream<String> relative(PathMappedEndpoint endpoint) {
		return (endpoint instanceof ExposableWebEndpoint web)
				? web.getOperations().stream().map((operation) -> operation.getRequestPredicate().getPath()).distinct()
				: Stream.of(endpoint.getRootPath() + "/**");
	}

}
