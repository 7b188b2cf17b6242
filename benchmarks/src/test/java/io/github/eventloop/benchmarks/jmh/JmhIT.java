package io.github.eventloop.benchmarks.jmh;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Shortened version of the benchmark {@code jmh}: verifies that all benchmarks run and
 * that monitoring does not allocate. Durations are not checked.
 */
@Timeout(180)
class JmhIT {

	private static final TimeValue SHORT = TimeValue.milliseconds(200);

	@Test
	void benchmarksShouldRun() throws RunnerException {
		List<Cost> costs = run(new OptionsBuilder().include("\\.jmh\\.(Recorder|Snap|Judge|Stack)")
			.param("loops", "2")
			.param("window", "1")
			.param("frames", "30"));
		assertThat(costs.stream().map(Cost::benchmark).distinct()).hasSize(7);
	}

	@Test
	void monitoringShouldNotAllocate() throws RunnerException {
		Map<String, Added> added = Added
			.of(List.of(run(new OptionsBuilder().include("\\.jmh\\..*Iterations").param("io", "NONE", "NIO"))));
		assertThat(added).hasSize(3).allSatisfy((subject, cost) -> assertThat(cost.bytes()).isLessThan(8));
	}

	private static List<Cost> run(ChainedOptionsBuilder options) throws RunnerException {
		return JmhRun.run(options, 1, 2, SHORT);
	}

}
