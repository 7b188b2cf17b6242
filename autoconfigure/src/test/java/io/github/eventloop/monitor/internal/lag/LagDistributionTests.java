package io.github.eventloop.monitor.internal.lag;

import java.time.Duration;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LagDistribution}.
 */
class LagDistributionTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private static final long LENGTH = Duration.ofMillis(100).toNanos();

	private final LagDistribution distribution = new LagDistribution();

	@Test
	void takenPartShouldAddUpToTheSame() {
		fill(this.distribution);
		Lag whole = this.distribution.toLag();
		LagDistribution.Part part = this.distribution.take();
		assertThat(this.distribution.toLag()).isEqualTo(Lag.NONE);
		this.distribution.add(part);
		assertThat(this.distribution.toLag()).isEqualTo(whole);
		assertThat(whole.p99Nanos()).isPositive();
		assertThat(whole.p99Nanos()).isLessThan(whole.maxNanos());
	}

	@Test
	void takenPartShouldHaveOneBreakpointForEachLength() {
		IntStream.range(0, 1000).forEach((i) -> this.distribution.addStep(LENGTH, 10));
		assertThat(this.distribution.take().breakpoints()).hasSize(2);
	}

	@Test
	void takenPartShouldNotChange() {
		fill(this.distribution);
		Lag whole = this.distribution.toLag();
		LagDistribution.Part part = this.distribution.take();
		fill(this.distribution);
		this.distribution.add(part);
		this.distribution.clear();
		this.distribution.add(part);
		assertThat(this.distribution.toLag()).isEqualTo(whole);
	}

	/** Iterations in buckets, one in progress that began before the window, and steps. */
	private static void fill(LagDistribution distribution) {
		distribution.addWindow(10 * SECOND, 1);
		IntStream.range(0, 500).forEach((i) -> distribution.addBucket(DurationBuckets.indexOf(i * 10_000L), 1 + i % 3));
		distribution.add(SECOND, 2 * SECOND, 1);
		distribution.addStep(LENGTH, LENGTH);
		distribution.addStep(LENGTH, LENGTH);
	}

}
