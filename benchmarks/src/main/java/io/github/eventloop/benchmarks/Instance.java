package io.github.eventloop.benchmarks;

import tools.jackson.databind.JsonNode;

/**
 * A running instance of an {@link Application}.
 *
 * @param managementPort the port of Actuator, which may be the same
 */
public record Instance(String name, ChildProcess process, int port, int managementPort) implements AutoCloseable {

	/** Return the URL of a resource of the application. */
	public String url(String path) {
		return "http://127.0.0.1:" + this.port + path;
	}

	/** Return the URL of a resource of Actuator. */
	public String managementUrl(String path) {
		return "http://127.0.0.1:" + this.managementPort + path;
	}

	/** Query the endpoint of the library, or a view of it. */
	public JsonNode eventLoops(String view) {
		return Http.json(managementUrl("/actuator/eventloop" + view));
	}

	@Override
	public void close() {
		this.process.close();
	}

}
