package io.github.eventloop.benchmarks.shedding;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
		Report without = run(Policy.NONE);
		Report with = run(Policy.LAG);
		assertThat(with.goodput()).isGreaterThan(2 * without.goodput());
		assertThat(with.heavyP99Millis()).isLessThan(without.heavyP99Millis() / 3);
	}

	private Report run(Policy policy) {
		Overload overload = new Overload(policy, 40, Duration.ofSeconds(5), Duration.ofSeconds(12));
		return new Report(overload, overload.run(this.logs));
	}

}
