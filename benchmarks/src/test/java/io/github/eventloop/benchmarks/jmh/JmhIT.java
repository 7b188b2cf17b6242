package io.github.eventloop.benchmarks.jmh;

import java.util.Collection;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import io.github.eventloop.benchmarks.jmh.JmhRun.Added;
import io.github.eventloop.benchmarks.jmh.JmhRun.Cost;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The run {@code jmh}, much shorter: all benchmarks run, and monitoring allocates
 * nothing. How long things take is not looked at.
 */
@Timeout(180)
class JmhIT {

	private static final TimeValue SHORT = TimeValue.milliseconds(200);

	@Test
	void benchmarksShouldRun() throws RunnerException {
		Collection<RunResult> results = run(new OptionsBuilder().include("\\.jmh\\.(Recorder|Snap|Judge|Stack)")
			.param("loops", "2")
			.param("window", "1")
			.param("frames", "30"));
		assertThat(results.stream().map(Cost::of).map(Cost::benchmark).distinct()).hasSize(7);
	}

	@Test
	void monitoringShouldNotAllocate() throws RunnerException {
		List<Cost> costs = run(new OptionsBuilder().include("\\.jmh\\..*Turns").param("transport", "NONE", "NIO"))
			.stream()
			.map(Cost::of)
			.toList();
		assertThat(JmhRun.added(costs)).hasSize(3).allSatisfy((turn, added) -> assertThat(added.bytes()).isLessThan(8));
		assertThat(JmhRun.added(costs).values()).noneMatch(Added::allocates);
	}

	private static Collection<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
		return JmhRun.run(options, 1, 2, SHORT);
	}

}
