package io.github.eventloop.benchmarks;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.SheddingRun.Overload;
import io.github.eventloop.benchmarks.SheddingRun.Policy;
import io.github.eventloop.benchmarks.SheddingRun.Times;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Shortened version of the benchmark {@code shedding}: the outcome, without the charts.
 */
@Timeout(180)
class SheddingIT {

	@TempDir
	private Path logs;

	@Test
	void whenOverloadedSheddingShouldPreventCollapse() {
		Overload without = run(Policy.NONE);
		Overload with = run(Policy.ADAPTIVE);
		assertThat(with.goodput()).isGreaterThan(2 * without.goodput());
		assertThat(with.heavyP99Millis()).isLessThan(without.heavyP99Millis() / 3);
	}

	private Overload run(Policy policy) {
		return Overload.of(policy, SheddingRow.cpu(2), new Times(5, 12, 0), this.logs);
	}

}
