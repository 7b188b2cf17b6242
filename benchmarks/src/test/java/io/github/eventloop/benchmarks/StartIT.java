package io.github.eventloop.benchmarks;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Shortened version of the benchmark {@code start}, with a single pair: memory hardly
 * varies between starts.
 */
@Timeout(120)
class StartIT {

	private static final double BUDGET_OF_A_LOOP = 64 * 1024;

	@TempDir
	private Path logs;

	@Test
	void memoryOfLoopsShouldBeWithinBudget() {
		double few = StartRun.start(true, 4, this.logs).heap() - StartRun.start(false, 4, this.logs).heap();
		double many = StartRun.start(true, 64, this.logs).heap() - StartRun.start(false, 64, this.logs).heap();
		assertThat((many - few) / 60).isBetween(1_000.0, BUDGET_OF_A_LOOP);
	}

}
