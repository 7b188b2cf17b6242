package io.github.eventloop.benchmarks.utilization;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.eventloop.benchmarks.IdleMachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Shortened version of the benchmark {@code utilization}: the targets, without the
 * charts.
 */
@Timeout(240)
class UtilizationIT {

	private static final Duration SHORT = Duration.ofSeconds(3);

	@TempDir
	private Path logs;

	@ParameterizedTest
	@MethodSource("scenarios")
	void figuresShouldBeWithinTargets(Scenario scenario) {
		IdleMachine.test(() -> {
			Optional<Recording> recording = Experiment.run(scenario, SHORT, this.logs);
			assumeThat(recording).as("a writable control group").isPresent();
			assertThat(Targets.unmet(scenario, Targets.lastStep(recording.orElseThrow(), SHORT))).isEmpty();
		});
	}

	static List<Scenario> scenarios() {
		return Scenario.ALL;
	}

}
