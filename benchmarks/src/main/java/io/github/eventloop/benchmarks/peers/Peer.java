package io.github.eventloop.benchmarks.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.benchmarks.process.Command;

/**
 * Somebody who watches an event loop.
 *
 * @param name what the table calls it
 * @param program returns what to run for a disturbance; empty if it is not installed
 */
record Peer(String name, Optional<Function<Disturbance, List<String>>> program) {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	/**
	 * Let it watch a loop that is disturbed, in a process of its own.
	 * @param disturbance what happens to the loop
	 * @param directory where to run
	 * @return what it says, or empty if it is not installed
	 */
	Optional<Saying> watch(Disturbance disturbance, Path directory) {
		return this.program.map((program) -> program.apply(disturbance)).map((command) -> {
			Command run = Command.run(directory, "", command);
			String last = run.output().lines().reduce("", (before, line) -> line);
			if (run.status() != 0 || !last.startsWith("{")) {
				throw new IllegalStateException("%s ended with %d: %s".formatted(command, run.status(), run.output()));
			}
			JsonNode json = JSON.readTree(last);
			return new Saying(json.get("during").asString(), json.get("after").asString());
		});
	}

	/**
	 * What it says.
	 *
	 * @param during in the middle of the disturbance; empty if it cannot be asked
	 * @param after a second after its end
	 */
	record Saying(String during, String after) {
	}

}
