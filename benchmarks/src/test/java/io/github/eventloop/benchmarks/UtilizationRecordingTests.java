package io.github.eventloop.benchmarks;

import java.util.List;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.benchmarks.UtilizationRun.Scenario;
import io.github.eventloop.benchmarks.UtilizationRun.UtilizationRecording;
import io.github.eventloop.benchmarks.UtilizationRun.UtilizationRecording.Second;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UtilizationRecording}.
 */
class UtilizationRecordingTests {

	private static final String HISTORY = """
			{ "intervalSeconds": 1, "epochMillis": [10500, 11500, 12500, 13500],
			  "lagP99Millis": [1, 2, 3, 4], "utilization": [0.1, 0.2, 0.3, 0.4],
			  "cpuUtilization": [0, 0.2, 0.3, 0.4], "processCpuUtilization": [0.5, 0.6, 0.7, 0.8],
			  "pauseMillis": [0, 0, 9, 0] }""";

	private final UtilizationRecording recording = UtilizationRecording.of(JsonMapper.shared().readTree(HISTORY),
			10_400);

	@Test
	void secondsThatBeganBeforeShouldBeLeftOut() {
		assertThat(this.recording.column(Second::end)).containsExactly(1.1, 2.1, 3.1);
		assertThat(this.recording.column(Second::utilization)).containsExactly(0.2, 0.3, 0.4);
		assertThat(this.recording.column(Second::processCpu)).containsExactly(0.6, 0.7, 0.8);
		assertThat(this.recording.column(Second::pauseMillis)).containsExactly(0, 9, 0);
	}

	@Test
	void meanShouldBeOfAllSeconds() {
		assertThat(this.recording.mean(Second::loopCpu)).isCloseTo(0.3, Offset.offset(1e-9));
	}

	@Test
	void partShouldHaveWholeSecondsOnly() {
		assertThat(this.recording.between(0.5, 2.5).column(Second::lagP99Millis)).containsExactly(3);
		assertThat(this.recording.between(0, 3.5).column(Second::lagP99Millis)).containsExactly(2, 3, 4);
	}

	@ParameterizedTest
	@CsvSource({ "computing, 0.35, 0.34, 0.37, 0", "garbage, 0.30, 0.20, 0.75, 80", "offloaded, 0.02, 0.01, 0.60, 0",
			"quota, 0.98, 0.45, 0.50, 400", "blocking, 0.75, 0.03, 0.06, 0" })
	void typicalFiguresShouldMeetTheTargetsOfOneScenario(String scenario, double utilization, double loopCpu,
			double processCpu, double pauseMillis) {
		UtilizationRecording last = new UtilizationRecording(
				List.of(new Second(1, utilization, loopCpu, processCpu, 0, pauseMillis)));
		assertThat(Scenario.ALL).extracting(Scenario::name)
			.filteredOn((each) -> last.missed(each).isEmpty())
			.containsExactly(scenario);
	}

}
