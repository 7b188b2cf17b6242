package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.eventloop.benchmarks.Peer.PeerDisturbance;
import io.github.eventloop.benchmarks.Peer.Readings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Shortened version of the benchmark {@code peers}: verifies that each installed peer
 * reports a stall.
 */
@Timeout(60)
class PeersIT {

	@TempDir
	private static Path directory;

	@ParameterizedTest
	@MethodSource("peers")
	void peerShouldReportReadings(Peer peer) {
		Optional<Readings> readings = peer.measure(PeerDisturbance.STALL_500, directory);
		assumeThat(readings).as("program of " + peer.name()).isPresent();
		assertThat(readings.orElseThrow().during()).isNotEmpty();
		assertThat(readings.orElseThrow().after()).isNotEmpty();
	}

	@Test
	void stallShouldBeReportedWhileItLasts() throws IOException {
		Readings readings = peers().get(0).measure(PeerDisturbance.STALL_5000, directory).orElseThrow();
		assertThat(readings.during()).startsWith("STALLED for ");
		assertThat(readings.after()).startsWith("lag p99 ");
	}

	static List<Peer> peers() throws IOException {
		return Peer.all(directory);
	}

}
