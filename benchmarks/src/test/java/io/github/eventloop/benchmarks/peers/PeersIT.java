package io.github.eventloop.benchmarks.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.eventloop.benchmarks.peers.Peer.Saying;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The run {@code peers}, shorter: everybody who is installed says something of a stall.
 */
@Timeout(60)
class PeersIT {

	@TempDir
	private static Path directory;

	@ParameterizedTest
	@MethodSource("peers")
	void peerShouldSaySomething(Peer peer) {
		Optional<Saying> saying = peer.watch(Disturbance.STALL_500, directory);
		assumeThat(saying).as("program of " + peer.name()).isPresent();
		assertThat(saying.orElseThrow().during()).isNotEmpty();
		assertThat(saying.orElseThrow().after()).isNotEmpty();
	}

	@Test
	void stallShouldBeSeenWhileItLasts() {
		Saying saying = peers().get(0).watch(Disturbance.STALL_5000, directory).orElseThrow();
		assertThat(saying.during()).startsWith("STALLED for ");
		assertThat(saying.after()).startsWith("lag p99 ");
	}

	static List<Peer> peers() {
		return new Peers(directory).all();
	}

}
