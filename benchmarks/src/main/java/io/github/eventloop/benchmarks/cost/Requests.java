package io.github.eventloop.benchmarks.cost;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.eventloop.benchmarks.load.Load;
import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Plan;
import io.github.eventloop.benchmarks.load.Summary;
import io.github.eventloop.benchmarks.process.Command;
import io.github.eventloop.benchmarks.process.Program;

/**
 * Requests to one server over three persistent connections: sent by h2load as fast as
 * they are answered, or by this program at a given rate and at random times. Evenly
 * spaced requests, as h2load sends them, may coincide with those to other servers always
 * or never: with them, the cost of two equal servers at 30 % was known only to 7 %, after
 * six JVMs.
 *
 * @param perSecond requests per second, or 0 for as many as are answered
 */
record Requests(int perSecond) {

	/** The servers have the first CPU to themselves. */
	private static final String OTHER_CPU = "1";

	private static final int CONNECTIONS = 3;

	/** A client that is late sends all requests that have become due at once. */
	private static final int LATEST_MILLIS = 250;

	private static final Pattern ANSWERED = Pattern
		.compile("requests: (\\d+) total, \\d+ started, \\d+ done, (\\d+) succeeded, 0 failed, 0 errored, 0 timeout");

	/**
	 * Move all threads of this program off the CPU of the servers.
	 * @param directory the directory for a temporary log
	 */
	static void moveToOtherCpu(Path directory) {
		String pid = Long.toString(ProcessHandle.current().pid());
		Command moved = Command.run(directory, "", List.of("taskset", "-a", "-c", "-p", OTHER_CPU, pid));
		if (moved.status() != 0) {
			throw new IllegalStateException("Could not move to another CPU:\n" + moved.output());
		}
	}

	/**
	 * Send the requests.
	 * @param port the port of the server
	 * @param duration for how long
	 * @param directory the directory for a temporary log
	 * @return the number of answered requests
	 * @throws IllegalStateException if not all were answered
	 */
	long send(int port, Duration duration, Path directory) {
		String url = "http://127.0.0.1:" + port + "/hello";
		return (this.perSecond > 0) ? sendSome(url, duration) : sendAll(url, duration, directory);
	}

	private long sendSome(String url, Duration duration) {
		LoadResult result = Load.get(url)
			.connections(CONNECTIONS)
			.prefilled()
			.start(Plan.steady(this.perSecond, duration).poisson(ThreadLocalRandom.current().nextLong()))
			.await();
		Summary total = result.total();
		if (total.ok() < total.sent()) {
			throw new IllegalStateException("Not all requests were answered: " + total);
		}
		if (result.clientLagP99Millis() > LATEST_MILLIS) {
			throw new IllegalStateException(
					"The client cannot keep up with the rate: it was late by " + result.clientLagP99Millis() + " ms");
		}
		return (long) total.ok() + CONNECTIONS;
	}

	private static long sendAll(String url, Duration duration, Path directory) {
		List<String> command = List.of("taskset", "-c", OTHER_CPU, Program.find("h2load").orElseThrow().toString(),
				"--h1", "-t1", "-c" + CONNECTIONS, "-D" + duration.toSeconds(), url);
		String output = Command.run(directory, "", command).output();
		Matcher answered = ANSWERED.matcher(output);
		if (!answered.find()) {
			throw new IllegalStateException("Not all requests were answered:\n" + output);
		}
		return Long.parseLong(answered.group(2));
	}

}
