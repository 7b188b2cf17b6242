package io.github.eventloop.benchmarks.balancer;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.process.Haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Shortened version of the benchmark {@code balancer}: the targets, without the charts.
 */
@Timeout(180)
class BalancerIT {

	private static final Timeline SHORT = new Timeline(Duration.ofSeconds(5), Duration.ofSeconds(25),
			Duration.ofSeconds(22));

	@TempDir
	private Path logs;

	@BeforeEach
	void requireHaproxy() {
		assumeThat(Haproxy.program()).as("haproxy, which 'benchmarks/install haproxy' installs").isPresent();
	}

	@Test
	void whenOneLagsTrafficShouldLeaveItAndComeBack() {
		Recording recording = Experiment.run(Scenario.one(SHORT).get(0), false, this.logs);
		assertThat(Targets.unmet(recording)).isEmpty();
	}

}
