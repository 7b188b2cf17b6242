package io.github.eventloop.monitor.internal.lag;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SparseHistogram}.
 */
class SparseHistogramTests {

	private final int[] before = new int[DurationBuckets.COUNT];

	private final int[] after = new int[DurationBuckets.COUNT];

	private final Map<Integer, Long> expected = new TreeMap<>();

	@Test
	void whenNothingWasCountedShouldBeEmpty() {
		this.before[3] = 7;
		this.after[3] = 7;
		assertCounts(between());
		assertCounts(SparseHistogram.EMPTY);
	}

	@Test
	void shouldContainFirstAndLastBucket() {
		count(0, 1);
		count(DurationBuckets.COUNT - 1, 2);
		assertCounts(between());
	}

	@Test
	void shouldContainNumbersOfAnySize() {
		int bucket = 0;
		for (long number : new long[] { 1, 0x7F, 0x80, 0x3FFF, 0x4000, 0x1F_FFFF, 0x20_0000, Integer.MAX_VALUE,
				1L << 31, (1L << 32) - 1 }) {
			count(bucket, number);
			bucket += 200;
		}
		assertCounts(between());
	}

	@Test
	void whenCounterOverflowedShouldContainDifference() {
		this.before[100] = -2;
		this.after[100] = 3;
		this.expected.put(100, 5L);
		assertCounts(between());
	}

	@Test
	void shouldContainAnyBucket() {
		Random random = new Random(42);
		for (int i = 0; i < 500; i++) {
			count(random.nextInt(DurationBuckets.COUNT), 1 + random.nextInt(300));
		}
		assertCounts(between());
	}

	@Test
	void builtShouldContainBucketsThatAreNotEmpty() {
		SparseHistogram.Builder builder = new SparseHistogram.Builder();
		builder.add(0, 0);
		builder.add(10, Long.MAX_VALUE);
		builder.add(20, 0);
		builder.add(30, -1);
		this.expected.put(10, Long.MAX_VALUE);
		this.expected.put(30, -1L);
		assertCounts(builder.build());
	}

	@Test
	void shouldCountFromBucket() {
		count(10, 1);
		count(20, 2);
		assertThat(between().totals().from(0)).isEqualTo(3);
		assertThat(between().totals().from(11)).isEqualTo(2);
		assertThat(between().totals().from(20)).isEqualTo(2);
		assertThat(between().totals().from(21)).isZero();
		assertThat(SparseHistogram.EMPTY.totals().from(0)).isZero();
	}

	private void count(int bucket, long number) {
		this.after[bucket] += (int) number;
		this.expected.merge(bucket, number, Long::sum);
	}

	private SparseHistogram between() {
		return SparseHistogram.between(this.before, this.after);
	}

	private void assertCounts(SparseHistogram counts) {
		Map<Integer, Long> found = new TreeMap<>();
		for (SparseHistogram.Cursor each = counts.cursor(); each.next();) {
			assertThat(found.put(each.bucket(), each.count())).isNull();
		}
		assertThat(found).isEqualTo(this.expected);
	}

}
