package io.github.eventloop.benchmarks;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.IdleRun.Idleness;
import io.github.eventloop.benchmarks.IdleRun.Variant;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Shortened version of the benchmark {@code idle}. A JVM that has just started wakes up
 * threads too, but the effect of a probe on each loop would still show.
 */
@Timeout(240)
class IdleIT {

	private static final Duration SHORT = Duration.ofSeconds(5);

	private static final int LOOPS = 16;

	@TempDir
	private Path logs;

	@Test
	void loopsShouldNotBeWokenUpMoreOftenThanWithoutTheLibrary() throws Throwable {
		IdleMachine.test(this::assertThatLoopsAreNotWokenUp);
	}

	private void assertThatLoopsAreNotWokenUp() {
		Idleness without = Variant.WITHOUT.measure(LOOPS, SHORT, SHORT, this.logs);
		Idleness with = Variant.WITH.measure(LOOPS, SHORT, SHORT, this.logs);
		assertThat(with.wakeUpsOfLoops()).isLessThan(without.wakeUpsOfLoops() + LOOPS / 2.0);
		assertThat(with.wakeUpsOfMonitor()).isBetween(5.0, 20.0);
	}

	@Test
	void whenProbedShouldBeWokenUpAllTheTime() {
		Idleness idleness = Variant.PROBE.measure(4, SHORT, SHORT, this.logs);
		assertThat(idleness.wakeUpsOfLoops()).isGreaterThan(100);
		assertThat(idleness.wakeUpsOfMonitor()).isZero();
	}

}
