package io.github.eventloop.benchmarks.peers;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

import io.github.eventloop.benchmarks.peers.Peer.Saying;
import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * The same disturbances of a loop, and what each of those says who watch loops.
 */
public final class PeersRun {

	private static final String METHOD = """
			Each cell is a process of its own, whose loop rests for 3 s, is disturbed once, and rests for another second.
			Another thread of the process asks in the middle of the disturbance (first line of a cell) and at the end of that
			second (second line); `@fastify/under-pressure` is asked by a request to the server. While the process is stopped
			nobody can be asked. Settings are the defaults, but for asyncio, whose debug mode is switched on, and for
			`@fastify/under-pressure`, which has none: 100 ms of delay, 0.98 of utilization. Percentiles and means are over
			the 4 s and the disturbance, utilization of Node over the disturbance and what follows.
			""";

	private static final String NOT_SHOWN = """

			What it does not show: what those that are read on the loop itself say to a reader who can only ask that loop,
			which is nothing before the disturbance ends.""";

	private PeersRun() {
	}

	/**
	 * Run it.
	 * @param arguments {@code --peer=} the beginning of the names of the peers to ask
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "peer");
		Output output = Output.of("peers", options);
		String prefix = options.get("peer", "");
		output.say("# What others say\n\n" + METHOD + "\n" + row("watched by",
				Arrays.stream(Disturbance.values()).map(Disturbance::title).toArray(String[]::new)));
		output.say(row("---", Arrays.stream(Disturbance.values()).map((any) -> "---").toArray(String[]::new)));
		for (Peer peer : new Peers(output.directory()).all()) {
			if (peer.name().startsWith(prefix)) {
				output.progress(peer.name());
				output.say(row(peer.name(),
						Arrays.stream(Disturbance.values())
							.map((disturbance) -> cell(peer.watch(disturbance, output.directory())))
							.toArray(String[]::new)));
			}
		}
		output.say("\nAsked were, besides what is named above: " + new Versions(output.directory()).describe() + ".");
		output.say(NOT_SHOWN);
	}

	private static String cell(Optional<Saying> said) {
		return said.map((saying) -> (saying.during().isEmpty() ? "" : saying.during() + "<br>") + saying.after())
			.orElse("not installed");
	}

	private static String row(String first, String... others) {
		return Arrays.stream(others).collect(Collectors.joining(" | ", "| " + first + " | ", " |"));
	}

}
