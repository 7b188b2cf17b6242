package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario;
import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario.Timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Shortened version of the benchmark {@code balancer}: the targets, without the charts.
 */
@Timeout(180)
class BalancerIT {

	private static final Timeline SHORT = new Timeline(5, 25, 22);

	@TempDir
	private Path logs;

	@BeforeEach
	void requireHaproxy() {
		assumeThat(Program.find("haproxy")).as("haproxy, which 'benchmarks/install haproxy' installs").isPresent();
	}

	@Test
	void whenOneLagsTrafficShouldLeaveItAndComeBack() throws IOException {
		BalancerScenario scenario = BalancerScenario.all(SHORT).get(0);
		assertThat(BalancerExperiment.run(scenario, false, this.logs).missed()).isEmpty();
	}

}
