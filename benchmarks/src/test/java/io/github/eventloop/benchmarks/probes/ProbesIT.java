package io.github.eventloop.benchmarks.probes;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The run {@code probes}, shorter: the outcome, without the pictures.
 */
@Timeout(90)
class ProbesIT {

	private static final Duration SHORT = Duration.ofSeconds(2);

	@TempDir
	private Path logs;

	@Test
	void whenIsolatedShouldLoseNone() {
		Probes probes = Experiment.play(Scenario.ISOLATED, SHORT, this.logs);
		assertThat(probes.sent()).isEqualTo(200);
		assertThat(probes.lost()).isZero();
	}

	@Test
	void whenNotIsolatedShouldLoseAll() {
		Probes probes = Experiment.play(Scenario.NOT_ISOLATED, SHORT, this.logs);
		assertThat(probes.sent()).isEqualTo(20);
		assertThat(probes.answered()).isZero();
	}

}
