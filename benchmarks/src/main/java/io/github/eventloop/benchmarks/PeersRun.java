package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import io.github.eventloop.benchmarks.Peer.PeerDisturbance;

/**
 * Comparison of what this library and other tools report of the same disturbances of a
 * loop.
 */
public final class PeersRun {

	private PeersRun() {
	}

	public static void main(String[] arguments) throws IOException {
		Run run = new Run("peers", arguments, "peer");
		run.say("""
				# What other tools report

				Each cell is a separate process, whose loop is idle for 3 s, is disturbed once, and is idle for another
				second. Another thread takes a reading in the middle of the disturbance (first line of a cell) and at
				the end of that second (second line); `@fastify/under-pressure` is read with a request to the server.
				Settings are the defaults, except for the debug mode of asyncio, and for `@fastify/under-pressure`,
				which has no defaults: 100 ms of delay, 0.98 of utilization. Percentiles and means cover the 4 s and the
				disturbance, utilization of Node the disturbance and the second after it.
				""");
		List<PeerDisturbance> disturbances = List.of(PeerDisturbance.values());
		run.row(Stream.concat(Stream.of("monitored by"), disturbances.stream().map(PeerDisturbance::title)).toList());
		run.row(Collections.nCopies(disturbances.size() + 1, "---"));
		for (Peer peer : run.choose("peer", Peer.all(run.directory()), Peer::name)) {
			run.progress("%s", peer.name());
			List<String> row = new ArrayList<>(List.of(peer.name()));
			for (PeerDisturbance disturbance : disturbances) {
				row.add(peer.measure(disturbance, run.directory())
					.map((readings) -> (readings.during().isEmpty() ? "" : readings.during() + "<br>")
							+ readings.after())
					.orElse("not installed"));
			}
			run.row(row);
		}
		run.say("\nFurther versions: " + Peer.versions(run.directory()) + ".");
		run.say("""

				What this does not show: tools that are read on the loop itself, by a reader that has no other way to read them.
				Such a reader gets nothing before the disturbance ends.""");
	}

}
