package io.github.eventloop.benchmarks.idle;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.IdleMachine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Shortened version of the benchmark {@code idle}. A JVM that has just started wakes up
 * threads too, but the effect of a probe on each loop would still show.
 */
@Timeout(240)
class IdlenessIT {

	private static final Duration SHORT = Duration.ofSeconds(5);

	private static final int LOOPS = 16;

	@TempDir
	private Path logs;

	@Test
	void loopsShouldNotBeWokenUpMoreOftenThanWithoutTheLibrary() {
		IdleMachine.test(this::assertThatLoopsAreNotWokenUp);
	}

	private void assertThatLoopsAreNotWokenUp() {
		Idleness without = Idleness.of(Variant.WITHOUT, LOOPS, SHORT, SHORT, this.logs);
		Idleness with = Idleness.of(Variant.WITH, LOOPS, SHORT, SHORT, this.logs);
		assertThat(with.wakeUpsOfLoops()).isLessThan(without.wakeUpsOfLoops() + LOOPS / 2.0);
		assertThat(with.wakeUpsOfMonitor()).isBetween(5.0, 20.0);
	}

	@Test
	void whenProbedShouldBeWokenUpAllTheTime() {
		Idleness idleness = Idleness.of(Variant.PROBE, 4, SHORT, SHORT, this.logs);
		assertThat(idleness.wakeUpsOfLoops()).isGreaterThan(100);
		assertThat(idleness.wakeUpsOfMonitor()).isZero();
	}

}
