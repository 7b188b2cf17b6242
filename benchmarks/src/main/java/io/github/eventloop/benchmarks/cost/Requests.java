package io.github.eventloop.benchmarks.cost;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.eventloop.benchmarks.process.Command;
import io.github.eventloop.benchmarks.process.Program;

/**
 * Requests that h2load sends to one server, over three connections that are kept.
 *
 * @param perSecond how many a second, or 0 for as many as are answered
 */
record Requests(int perSecond) {

	/** The server has the first for itself. */
	private static final List<String> ON_ANOTHER_CPU = List.of("taskset", "-c", "1");

	private static final int CONNECTIONS = 3;

	/** A connection that hangs is no error to h2load. */
	private static final double LEAST = 0.8;

	private static final Pattern ANSWERED = Pattern
		.compile("requests: (\\d+) total, \\d+ started, \\d+ done, (\\d+) succeeded, 0 failed, 0 errored, 0 timeout");

	/**
	 * Send them.
	 * @param port where to
	 * @param duration for how long
	 * @param directory where to leave a log for as long
	 * @return how many were answered
	 * @throws IllegalStateException if not all were
	 */
	long send(int port, Duration duration, Path directory) {
		List<String> command = new ArrayList<>(ON_ANOTHER_CPU);
		command.addAll(List.of(Program.find("h2load").orElseThrow().toString(), "--h1", "-t1", "-c" + CONNECTIONS,
				"-D" + duration.toSeconds()));
		if (this.perSecond > 0) {
			command.add("--rps=" + (double) this.perSecond / CONNECTIONS);
		}
		command.add("http://127.0.0.1:" + port + "/hello");
		String output = Command.run(directory, "", command).output();
		Matcher answered = ANSWERED.matcher(output);
		if (!answered.find()) {
			throw new IllegalStateException("Not all requests were answered:\n" + output);
		}
		long number = Long.parseLong(answered.group(2));
		if (number < this.perSecond * duration.toSeconds() * LEAST) {
			throw new IllegalStateException("Only " + number + " requests were answered:\n" + output);
		}
		return number;
	}

}
