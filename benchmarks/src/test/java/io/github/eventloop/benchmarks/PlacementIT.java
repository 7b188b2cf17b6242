package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.Blockade.Loops;
import io.github.eventloop.benchmarks.PlacementRun.Block;
import io.github.eventloop.benchmarks.PlacementRun.Setting;

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
	void whenRoundRobinSomeShouldHitTheBlockedLoop() throws IOException {
		Block block = blockWorker(Setting.ROUND_ROBIN);
		assertThat(block.requests().share(Block::hit)).isBetween(0.1, 0.6);
	}

	@Test
	void whenLeastLagWithDedicatedAcceptorNoneShouldHitTheBlockedLoop() throws IOException {
		Block block = blockWorker(Setting.BOTH);
		assertThat(block.requests().share(Block::hit)).isZero();
		assertThat(block.probes().share(Block::hit)).isZero();
	}

	private Block blockWorker(Setting setting) throws IOException {
		try (Instance instance = setting.start(this.logs)) {
			return PlacementRun.block(instance, Loops.of(instance).workerOnly(), SHORT);
		}
	}

}
