package io.github.eventloop.monitor.internal.lag;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link LagDistribution}.
 */
class LagDistributionTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private static final long LENGTH = Duration.ofMillis(100).toNanos();

	private final LagDistribution distribution = new LagDistribution();

	@Test
	void histogramsShouldAddUpToTheSame() {
		fill(this.distribution);
		Lag whole = this.distribution.toLag();
		LagDistribution copy = new LagDistribution();
		copy.addWindow(10 * SECOND, 1);
		copy.add(this.distribution.iterations(), 1);
		copy.addSteps(this.distribution.steps(), 1);
		assertThat(copy.toLag()).isEqualTo(whole);
		assertThat(whole.p99Nanos()).isPositive();
		assertThat(whole.p99Nanos()).isLessThan(whole.maxNanos());
	}

	@Test
	void histogramShouldHaveOneStepForEachLength() {
		IntStream.range(0, 1000).forEach((i) -> this.distribution.addSteps(histogram(LENGTH, 10), 1));
		SparseHistogram.Cursor steps = this.distribution.steps().cursor();
		assertThat(steps.next()).isTrue();
		assertThat(steps.count()).isEqualTo(10_000);
		assertThat(steps.next()).isFalse();
	}

	@Test
	void histogramsShouldNotChange() {
		fill(this.distribution);
		Lag whole = this.distribution.toLag();
		SparseHistogram iterations = this.distribution.iterations();
		SparseHistogram steps = this.distribution.steps();
		fill(this.distribution);
		this.distribution.clear();
		assertThat(this.distribution.toLag()).isEqualTo(Lag.NONE);
		this.distribution.add(iterations, 1);
		this.distribution.addSteps(steps, 1);
		this.distribution.addWindow(10 * SECOND, 1);
		assertThat(this.distribution.toLag()).isEqualTo(whole);
	}

	@Test
	void otherDistributionShouldAddUpToTheSame() {
		fill(this.distribution);
		this.distribution.add(SECOND, 2 * SECOND, 1);
		LagDistribution twice = new LagDistribution();
		twice.add(this.distribution);
		assertThat(twice.toLag()).isEqualTo(this.distribution.toLag());
		twice.add(this.distribution);
		assertThat(twice.toLag()).isEqualTo(this.distribution.toLag());
		assertThat(twice.spanNanos()).isEqualTo(2 * this.distribution.spanNanos());
	}

	@Test
	void lagShouldBeThatOfTheStep() {
		this.distribution.addWindow(SECOND, 1);
		this.distribution.addSteps(histogram(LENGTH, SECOND / 2), 1);
		this.distribution.addSteps(histogram(LENGTH / 2, SECOND / 4), 1);
		long longer = DurationBuckets.middleOf(DurationBuckets.indexOf(LENGTH));
		long shorter = DurationBuckets.middleOf(DurationBuckets.indexOf(LENGTH / 2));
		assertThat(this.distribution.toLag())
			.isEqualTo(new Lag(longer / 2 + shorter / 4, longer, longer, longer, longer));
	}

	@Test
	void whenIterationIsReplacedWithItsPartShouldNotCountAsTheLongest() {
		this.distribution.addWindow(SECOND, 1);
		this.distribution.addRounded(0, LENGTH, 0.3);
		this.distribution.addRounded(0, LENGTH, -0.3);
		this.distribution.addRounded(0, LENGTH / 2, 0.3);
		LagDistribution part = new LagDistribution();
		part.addWindow(SECOND, 1);
		part.addRounded(0, LENGTH / 2, 0.3);
		assertThat(this.distribution.toLag()).isEqualTo(part.toLag());
	}

	/** As a reader without any optimization computes them from the definition. */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void percentilesShouldBeThoseOfTheSumOfAllSpans(long seed) {
		Random random = new Random(seed);
		List<long[]> spans = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			long longest = DurationBuckets.middleOf(random.nextInt(DurationBuckets.indexOf(SECOND / 50)));
			if (i % 50 == 0) {
				// An iteration in progress, whose age is exact.
				this.distribution.add(longest / 3, longest, 1);
				spans.add(new long[] { longest / 3, longest });
			}
			else {
				this.distribution.addRounded(0, longest, 1);
				spans.add(new long[] { 0, longest });
			}
		}
		double window = spans.stream().mapToLong((span) -> span[1] - span[0]).sum() * (1 + random.nextDouble());
		this.distribution.addWindow((long) window, 1);
		Lag lag = this.distribution.toLag();
		assertThat(lag.maxNanos()).isEqualTo(spans.stream().mapToLong((span) -> span[1]).max().orElseThrow());
		assertThat(waiting(spans, lag.p99Nanos())).isCloseTo(0.01 * window, within(300.0));
		assertThat(waiting(spans, lag.p90Nanos())).isCloseTo(0.1 * window, within(300.0));
		assertThat(waiting(spans, lag.p50Nanos())).isCloseTo(0.5 * window, within(300.0));
		double area = spans.stream()
			.mapToDouble((span) -> ((double) span[1] * span[1] - (double) span[0] * span[0]) / 2)
			.sum();
		assertThat((double) lag.meanNanos()).isCloseTo(area / window, within(1.0));
	}

	/** Return the time during which an event waits for longer than a given time. */
	private static double waiting(List<long[]> spans, long nanos) {
		return spans.stream().mapToLong((span) -> Math.max(0, span[1] - nanos) - Math.max(0, span[0] - nanos)).sum();
	}

	/** Iterations in buckets, and steps. */
	private static void fill(LagDistribution distribution) {
		distribution.addWindow(10 * SECOND, 1);
		IntStream.range(0, 500).forEach((i) -> distribution.addRounded(0, i * 10_000L, 1 + i % 3));
		distribution.addRounded(SECOND, 2 * SECOND, 1);
		distribution.addSteps(histogram(LENGTH, LENGTH), 1);
		distribution.addSteps(histogram(LENGTH, LENGTH), 1);
	}

	private static SparseHistogram histogram(long nanos, long count) {
		SparseHistogram.Builder builder = new SparseHistogram.Builder();
		builder.add(DurationBuckets.indexOf(nanos), count);
		return builder.build();
	}

}
