package io.github.eventloop.benchmarks;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.SoakRun.Soak;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The test {@code soak}, for five minutes.
 */
@Timeout(600)
class SoakIT {

	@TempDir
	private Path logs;

	@Test
	void allStallsShouldBeFoundAndNothingGrow() {
		Soak soak = SoakRun.run(Duration.ofMinutes(5), this.logs);
		assertThat(soak.findings().found()).hasSizeGreaterThan(100);
		assertThat(soak.missed()).as(soak.findings().toString()).isEmpty();
	}

}
