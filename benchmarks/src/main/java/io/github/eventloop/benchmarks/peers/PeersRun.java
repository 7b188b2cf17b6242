package io.github.eventloop.benchmarks.peers;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

import io.github.eventloop.benchmarks.peers.Peer.Readings;
import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * Comparison of what this library and other tools report of the same disturbances of a
 * loop.
 */
public final class PeersRun {

	private static final String METHOD = """
			Each cell is a separate process, whose loop is idle for 3 s, is disturbed once, and is idle for another second.
			Another thread of the process takes a reading in the middle of the disturbance (first line of a cell) and at the end
			of that second (second line); `@fastify/under-pressure` is read with a request to the server. While the process is
			stopped, no reading is possible. Settings are the defaults, except for asyncio, whose debug mode is enabled, and for
			`@fastify/under-pressure`, which has no defaults: 100 ms of delay, 0.98 of utilization. Percentiles and means cover
			the 4 s and the disturbance, utilization of Node the disturbance and the second after it.
			""";

	private static final String NOT_SHOWN = """

			What this does not show: tools that are read on the loop itself, by a reader that has no other way to read them.
			Such a reader gets nothing before the disturbance ends.""";

	private PeersRun() {
	}

	/**
	 * Run the benchmark.
	 * @param arguments {@code --peer=} prefix of the names of the peers to run
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "peer");
		Output output = Output.of("peers", options);
		String prefix = options.get("peer", "");
		output.say("# What other tools report\n\n" + METHOD + "\n" + row("monitored by",
				Arrays.stream(Disturbance.values()).map(Disturbance::title).toArray(String[]::new)));
		output.say(row("---", Arrays.stream(Disturbance.values()).map((any) -> "---").toArray(String[]::new)));
		for (Peer peer : new Peers(output.directory()).all()) {
			if (peer.name().startsWith(prefix)) {
				output.progress(peer.name());
				output.say(row(peer.name(),
						Arrays.stream(Disturbance.values())
							.map((disturbance) -> cell(peer.measure(disturbance, output.directory())))
							.toArray(String[]::new)));
			}
		}
		output.say("\nFurther versions: " + new Versions(output.directory()).describe() + ".");
		output.say(NOT_SHOWN);
	}

	private static String cell(Optional<Readings> result) {
		return result
			.map((readings) -> (readings.during().isEmpty() ? "" : readings.during() + "<br>") + readings.after())
			.orElse("not installed");
	}

	private static String row(String first, String... others) {
		return Arrays.stream(others).collect(Collectors.joining(" | ", "| " + first + " | ", " |"));
	}

}
