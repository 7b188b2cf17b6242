package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario.Timeline;
import io.github.eventloop.benchmarks.FleetScenario.FleetColumn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Shortened version of the benchmark {@code fleet}: all instances lag, and those that may
 * leave ask the Kubernetes API.
 */
@Timeout(180)
class FleetIT {

	private static final List<String> NAMES = List.of("a", "b", "c");

	@TempDir
	private Path logs;

	@BeforeEach
	void requireHaproxy() {
		assumeThat(Program.find("haproxy")).as("haproxy, which 'benchmarks/install haproxy' installs").isPresent();
	}

	@Test
	void whenAllLagTheGateShouldKeepInstancesReady() throws IOException {
		FleetRecording recording = FleetExperiment.run(FleetScenario.ALL_REGARDLESS, FleetColumn.GATE, NAMES,
				new Timeline(6, 25, 2), this.logs);
		assertThat(recording.polls()).allSatisfy((poll) -> assertThat(poll.ready()).hasSizeGreaterThanOrEqualTo(2));
		assertThat(recording.inTime()).isGreaterThan(0.95);
		for (String name : NAMES) {
			assertThat(Files.readString(this.logs.resolve(name + ".log"))).contains("endpoints of the service shop");
		}
	}

}
