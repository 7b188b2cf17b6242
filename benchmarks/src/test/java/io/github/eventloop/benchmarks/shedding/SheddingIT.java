package io.github.eventloop.benchmarks.shedding;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The run {@code shedding}, shorter: the outcome, without the pictures.
 */
@Timeout(180)
class SheddingIT {

	@TempDir
	private Path logs;

	@Test
	void whenOverloadedSheddingShouldPreventCollapse() {
		Report without = play(Policy.NONE);
		Report with = play(Policy.LAG);
		assertThat(with.goodput()).isGreaterThan(2 * without.goodput());
		assertThat(with.heavyP99Millis()).isLessThan(without.heavyP99Millis() / 3);
	}

	private Report play(Policy policy) {
		Overload overload = new Overload(policy, 40, Duration.ofSeconds(5), Duration.ofSeconds(12));
		return new Report(overload, overload.play(this.logs));
	}

}
