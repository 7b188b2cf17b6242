package io.github.eventloop.benchmarks.utilization;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.benchmarks.utilization.Recording.Second;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Targets}: typical figures of one scenario meet the targets of no
 * other.
 */
class TargetsTests {

	@ParameterizedTest
	@CsvSource({ "computing, 0.35, 0.34, 0.37, 0", "garbage, 0.30, 0.20, 0.75, 80", "offloaded, 0.02, 0.01, 0.60, 0",
			"quota, 0.98, 0.45, 0.50, 400", "blocking, 0.75, 0.03, 0.06, 0" })
	void figuresShouldBeThoseOfOneScenario(String scenario, double utilization, double loopCpu, double processCpu,
			double pauseMillis) {
		Recording recording = new Recording(List.of(new Second(1, utilization, loopCpu, processCpu, 0, pauseMillis)));
		assertThat(Scenario.ALL).filteredOn((each) -> Targets.unmet(each, recording).isEmpty())
			.extracting(Scenario::name)
			.containsExactly(scenario);
	}

}
