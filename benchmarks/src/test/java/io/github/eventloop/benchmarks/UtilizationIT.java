package io.github.eventloop.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.eventloop.benchmarks.UtilizationRun.Scenario;
import io.github.eventloop.benchmarks.UtilizationRun.UtilizationRecording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Shortened version of the benchmark {@code utilization}: the targets, without the
 * charts.
 */
@Timeout(240)
class UtilizationIT {

	private static final int SHORT = 3;

	@TempDir
	private Path logs;

	@ParameterizedTest
	@MethodSource("scenarios")
	void figuresShouldBeWithinTargets(Scenario scenario) throws Throwable {
		IdleMachine.test(() -> {
			Optional<UtilizationRecording> recording = UtilizationRun.run(scenario, SHORT, this.logs);
			assumeThat(recording).as("a writable control group").isPresent();
			assertThat(UtilizationRun.lastStep(recording.orElseThrow(), SHORT).missed(scenario.name())).isEmpty();
		});
	}

	static List<Scenario> scenarios() {
		return Scenario.ALL;
	}

}
