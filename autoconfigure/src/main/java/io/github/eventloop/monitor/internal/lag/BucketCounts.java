package io.github.eventloop.monitor.internal.lag;

import java.util.Arrays;

import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

/**
 * Number of durations in each of the {@link DurationBuckets}, in two bytes for most of
 * the buckets that are not empty: the distance from the previous such bucket, at first
 * from 0, and the number, both encoded as unsigned LEB128.
 * <p>
 * Immutable.
 */
public final class BucketCounts {

	private static final BucketCounts NONE = new BucketCounts(new byte[0]);

	private final byte[] bytes;

	private BucketCounts(byte[] bytes) {
		this.bytes = bytes;
	}

	/**
	 * Return the difference between two copies of the same counters.
	 * @param before the first copy
	 * @param after the second copy; the counters count modulo 2<sup>32</sup>
	 * @return the difference
	 */
	static BucketCounts between(int[] before, int[] after) {
		// Few of the 2,000 counters have changed, and mismatch() is vectorized.
		int bucket = Arrays.mismatch(before, after);
		if (bucket < 0) {
			return NONE;
		}
		Builder counts = new Builder();
		while (bucket < after.length) {
			int number = after[bucket] - before[bucket];
			if (number != 0) {
				counts.add(bucket, Integer.toUnsignedLong(number));
				bucket++;
			}
			else {
				int same = Arrays.mismatch(before, bucket, before.length, after, bucket, after.length);
				bucket = (same >= 0) ? bucket + same : after.length;
			}
		}
		return counts.build();
	}

	static BucketCounts none() {
		return NONE;
	}

	/**
	 * Return these counts without one duration.
	 * @param bucket the bucket of the duration, which is not empty
	 * @return the remaining counts
	 */
	public BucketCounts withoutOneOf(int bucket) {
		Builder others = new Builder();
		for (Cursor each = cursor(); each.next();) {
			long number = each.number() - ((each.bucket() == bucket) ? 1 : 0);
			if (number > 0) {
				others.add(each.bucket(), number);
			}
		}
		return others.build();
	}

	/**
	 * Return the cumulative counts, for repeated queries.
	 * @return the number of durations in each bucket and those above it
	 */
	Totals totals() {
		int size = 0;
		for (Cursor each = cursor(); each.next();) {
			size++;
		}
		int[] buckets = new int[size];
		long[] numbers = new long[size + 1];
		int index = 0;
		for (Cursor each = cursor(); each.next();) {
			buckets[index] = each.bucket();
			numbers[index++] = each.number();
		}
		for (int i = size - 1; i >= 0; i--) {
			numbers[i] += numbers[i + 1];
		}
		return new Totals(buckets, numbers);
	}

	/**
	 * Return a cursor before the first bucket that is not empty.
	 * @return the cursor
	 */
	Cursor cursor() {
		return new Cursor(this.bytes);
	}

	/**
	 * Cursor over the buckets that are not empty, shortest durations first.
	 */
	static final class Cursor {

		private final byte[] bytes;

		private int at;

		private int bucket;

		private long number;

		private Cursor(byte[] bytes) {
			this.bytes = bytes;
		}

		boolean next() {
			if (this.at == this.bytes.length) {
				return false;
			}
			this.bucket += (int) read();
			this.number = read();
			return true;
		}

		int bucket() {
			return this.bucket;
		}

		/** Return the number of durations in the bucket, more than 0. */
		long number() {
			return this.number;
		}

		private long read() {
			byte bits = this.bytes[this.at++];
			long value = bits & 0x7F;
			for (int shift = 7; bits < 0; shift += 7) {
				bits = this.bytes[this.at++];
				value |= (bits & 0x7FL) << shift;
			}
			return value;
		}

	}

	/**
	 * Cumulative counts from a bucket upwards. Immutable.
	 */
	static final class Totals {

		private final int[] buckets;

		private final long[] numbers;

		private Totals(int[] buckets, long[] numbers) {
			this.buckets = buckets;
			this.numbers = numbers;
		}

		/** Return the number of durations in a bucket and all buckets above it. */
		long from(int bucket) {
			int index = Arrays.binarySearch(this.buckets, bucket);
			return this.numbers[(index >= 0) ? index : -index - 1];
		}

	}

	private static final class Builder {

		private byte[] bytes = new byte[16];

		private int length;

		private int last;

		/** Add a bucket above all previous ones. */
		void add(int bucket, long number) {
			append(bucket - this.last);
			append(number);
			this.last = bucket;
		}

		private void append(long number) {
			long remaining = number;
			for (; remaining > 0x7F; remaining >>>= 7) {
				appendByte((byte) (remaining | 0x80));
			}
			appendByte((byte) remaining);
		}

		private void appendByte(byte each) {
			if (this.length == this.bytes.length) {
				this.bytes = Arrays.copyOf(this.bytes, 2 * this.length);
			}
			this.bytes[this.length++] = each;
		}

		BucketCounts build() {
			return new BucketCounts(Arrays.copyOf(this.bytes, this.length));
		}

	}

}
