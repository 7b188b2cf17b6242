package io.github.eventloop.benchmarks.placement;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.placement.Recording.Block;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Shortened version of the benchmark {@code placement}: new connections while a worker is
 * blocked.
 */
@Timeout(120)
class PlacementIT {

	private static final Duration SHORT = Duration.ofSeconds(3);

	@TempDir
	private Path logs;

	@Test
	void whenRoundRobinSomeShouldHitTheBlockedLoop() {
		Block block = blockWorker(Setting.ROUND_ROBIN);
		assertThat(block.requests().hitShare()).isBetween(0.1, 0.6);
	}

	@Test
	void whenLeastLagWithDedicatedAcceptorNoneShouldHitTheBlockedLoop() {
		Block block = blockWorker(Setting.BOTH);
		assertThat(block.requests().hitShare()).isZero();
		assertThat(block.probes().hitShare()).isZero();
	}

	private Block blockWorker(Setting setting) {
		try (Experiment experiment = Experiment.start(setting, this.logs)) {
			return experiment.blockWorker(SHORT);
		}
	}

}
