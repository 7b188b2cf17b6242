package io.github.eventloop.monitor.internal.recorder;

import java.util.concurrent.TimeUnit;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DurationBuckets}.
 */
class DurationBucketsTests {

	@Test
	void middleShouldBeWithinOnePercentFromMicrosecondToMinutes() {
		long longest = TimeUnit.MINUTES.toNanos(18);
		for (long nanos = 1_000; nanos < longest; nanos += 1 + nanos / 1000) {
			assertThat(DurationBuckets.middleOf(DurationBuckets.indexOf(nanos))).isCloseTo(nanos,
					Percentage.withPercentage(0.8));
		}
	}

	@Test
	void indexShouldBeMonotonicAndLeaveNoGap() {
		int last = 0;
		for (long nanos = 0; nanos < 1L << 40; nanos += 1 + nanos / 200) {
			int index = DurationBuckets.indexOf(nanos);
			assertThat(index).isBetween(last, last + 1);
			last = index;
		}
		assertThat(last).isEqualTo(DurationBuckets.COUNT - 1);
	}

	@Test
	void outOfRangeShouldFallIntoTheNearestBucket() {
		assertThat(DurationBuckets.indexOf(-1)).isZero();
		assertThat(DurationBuckets.indexOf(0)).isZero();
		assertThat(DurationBuckets.indexOf(Long.MAX_VALUE)).isEqualTo(DurationBuckets.COUNT - 1);
		assertThat(DurationBuckets.middleOf(0)).isZero();
	}

}
