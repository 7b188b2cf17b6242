package io.github.eventloop.benchmarks.loops;

import java.util.List;

import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.process.Instance;

/**
 * The loops that serve an application, as reported by its endpoint.
 *
 * @param workers names of the loops that have carried client connections
 * @param acceptors names of the loops that accept connections, which may be workers as
 * well
 */
public record Loops(List<String> workers, List<String> acceptors) {

	/**
	 * Query an instance, all of whose loops should have been used by then.
	 * @param instance the instance
	 * @return its loops, without the loop of a management port
	 */
	public static Loops of(Instance instance) {
		JsonNode answer = instance.actuator("/actuator/eventloop")
			.orElseThrow(() -> new IllegalStateException(instance.name() + " does not report its loops"));
		List<JsonNode> loops = answer.get("loops")
			.valueStream()
			.filter((loop) -> loop.get("group").asString().equals("reactor-http"))
			.toList();
		return new Loops(names(loops, "SERVER"), names(loops, "ACCEPTOR"));
	}

	private static List<String> names(List<JsonNode> loops, String role) {
		return loops.stream()
			.filter((loop) -> loop.get("roles").valueStream().anyMatch((name) -> name.asString().equals(role)))
			.map((loop) -> loop.get("name").asString())
			.toList();
	}

	/**
	 * Return a worker that does not accept connections.
	 * @return the name of the loop
	 */
	public String workerOnly() {
		return this.workers.stream().filter((name) -> !this.acceptors.contains(name)).findFirst().orElseThrow();
	}

}
