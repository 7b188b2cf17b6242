package io.github.eventloop.monitor.internal.lag;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SparseHistogram} and {@link CountedIterations}.
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
		for (Histogram each : List.of(difference(), between())) {
			assertThat(each.countFrom(0)).isEqualTo(3);
			assertThat(each.countFrom(11)).isEqualTo(2);
			assertThat(each.countFrom(20)).isEqualTo(2);
			assertThat(each.countFrom(21)).isZero();
		}
		assertThat(SparseHistogram.EMPTY.countFrom(0)).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 20, 2_000 })
	void bothHistogramsShouldAddTheirCounts(int number) {
		Random random = new Random(number);
		Arrays.setAll(this.before, (i) -> random.nextInt());
		System.arraycopy(this.before, 0, this.after, 0, this.before.length);
		double[] weighted = new double[DurationBuckets.COUNT];
		double[] plain = new double[DurationBuckets.COUNT];
		for (int i = 0; i < number; i++) {
			count(random.nextInt(DurationBuckets.COUNT), 1 + random.nextInt(300));
		}
		this.expected.forEach((bucket, count) -> {
			weighted[bucket] = 0.3 * count;
			plain[bucket] = count;
		});
		for (Histogram each : List.of(difference(), between())) {
			double[] one = new double[DurationBuckets.COUNT];
			double[] two = new double[DurationBuckets.COUNT];
			each.addTo(one, 0.3);
			assertThat(one).containsExactly(weighted);
			Arrays.fill(one, 0);
			each.addTo(one, two, 0.3);
			assertThat(one).containsExactly(plain);
			assertThat(two).containsExactly(weighted);
			assertThat(each.isEmpty()).isEqualTo(number == 0);
			this.expected.keySet().forEach((bucket) -> assertThat(bucket).isBetween(each.first(), each.last()));
		}
	}

	private void count(int bucket, long number) {
		this.after[bucket] += (int) number;
		this.expected.merge(bucket, number, Long::sum);
	}

	private Histogram difference() {
		return new CountedIterations(this.before, this.after);
	}

	private SparseHistogram between() {
		return difference().toSparse();
	}

	private void assertCounts(SparseHistogram counts) {
		Map<Integer, Long> found = new TreeMap<>();
		for (SparseHistogram.Cursor each = counts.cursor(); each.next();) {
			assertThat(found.put(each.bucket(), each.count())).isNull();
		}
		assertThat(found).isEqualTo(this.expected);
	}

}
