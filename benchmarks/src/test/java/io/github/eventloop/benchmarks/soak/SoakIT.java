package io.github.eventloop.benchmarks.soak;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
		Soak soak = Soak.run(Duration.ofMinutes(5), this.logs);
		assertThat(soak.findings().found()).hasSizeGreaterThan(100);
		assertThat(SoakRun.unmet(soak)).as(soak.findings().toString()).isEmpty();
	}

}
