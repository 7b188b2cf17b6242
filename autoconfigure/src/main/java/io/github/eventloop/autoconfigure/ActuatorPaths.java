package io.github.eventloop.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.core.env.Environment;

/**
 * The paths that Actuator has on the application's own port. They are taken from its
 * endpoints one by one: with a base path of {@code /} there is nothing that they share.
 *
 * @param patterns patterns of paths
 */
record ActuatorPaths(List<String> patterns) {

	private static final EndpointId HEALTH = EndpointId.of("health");

	static ActuatorPaths of(PathMappedEndpoints endpoints, Environment environment) {
		List<String> patterns = new ArrayList<>();
		endpoints.getAdditionalPaths(WebServerNamespace.SERVER, HEALTH).forEach((path) -> add(path, patterns));
		if (ManagementPortType.get(environment) == ManagementPortType.SAME) {
			// That of the page with links to the endpoints.
			add(endpoints.getBasePath(), patterns);
			endpoints.getAllPaths().forEach((path) -> add(path, patterns));
		}
		return new ActuatorPaths(patterns);
	}

	private static void add(String path, List<String> patterns) {
		// Everything would be below the root.
		if (!path.isEmpty() && !path.equals("/")) {
			patterns.add(path + "/**");
		}
	}

}
