package io.github.eventloop.benchmarks.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.benchmarks.process.Command;

/**
 * A tool that monitors event loops.
 *
 * @param name its name in the table
 * @param program returns the command to run for a disturbance; empty if it is not
 * installed
 */
record Peer(String name, Optional<Function<Disturbance, List<String>>> program) {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	/**
	 * Let the tool monitor a loop that is disturbed, in a separate process.
	 * @param disturbance the disturbance of the loop
	 * @param directory the directory to run in
	 * @return the readings, or empty if the tool is not installed
	 */
	Optional<Readings> measure(Disturbance disturbance, Path directory) {
		return this.program.map((program) -> program.apply(disturbance)).map((command) -> {
			Command run = Command.run(directory, "", command);
			String last = run.output().lines().reduce("", (before, line) -> line);
			if (run.status() != 0 || !last.startsWith("{")) {
				throw new IllegalStateException("%s ended with %d: %s".formatted(command, run.status(), run.output()));
			}
			JsonNode json = JSON.readTree(last);
			return new Readings(json.get("during").asString(), json.get("after").asString());
		});
	}

	/**
	 * What the tool reports.
	 *
	 * @param during in the middle of the disturbance; empty if it cannot be read
	 * @param after a second after the end of the disturbance
	 */
	record Readings(String during, String after) {
	}

}
