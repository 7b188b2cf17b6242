package io.github.eventloop.benchmarks.probes;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Shortened version of the benchmark {@code probes}: the outcome, without the charts.
 */
@Timeout(90)
class ProbesIT {

	private static final Duration SHORT = Duration.ofSeconds(2);

	@TempDir
	private Path logs;

	@Test
	void whenIsolatedShouldLoseNone() {
		Probes probes = Experiment.run(Scenario.ISOLATED, SHORT, this.logs);
		assertThat(probes.sent()).isEqualTo(200);
		assertThat(probes.lost()).isZero();
	}

	@Test
	void whenNotIsolatedShouldLoseAll() {
		Probes probes = Experiment.run(Scenario.NOT_ISOLATED, SHORT, this.logs);
		assertThat(probes.sent()).isEqualTo(20);
		assertThat(probes.answered()).isZero();
	}

}
