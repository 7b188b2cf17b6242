package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.ProbesRun.Scenario;

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
	void whenIsolatedShouldLoseNone() throws IOException {
		LoadResult probes = Scenario.ISOLATED.run(SHORT, this.logs);
		assertThat(probes.sent()).isEqualTo(200);
		assertThat(probes.share(ProbesRun::isAnswered)).isEqualTo(1);
	}

	@Test
	void whenNotIsolatedShouldLoseAll() throws IOException {
		LoadResult probes = Scenario.NOT_ISOLATED.run(SHORT, this.logs);
		assertThat(probes.sent()).isEqualTo(20);
		assertThat(probes.share(ProbesRun::isAnswered)).isZero();
	}

}
