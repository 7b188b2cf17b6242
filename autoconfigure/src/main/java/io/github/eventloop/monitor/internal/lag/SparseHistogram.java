package io.github.eventloop.monitor.internal.lag;

import java.util.Arrays;

import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

/**
 * Histogram over the {@link DurationBuckets} that stores only the buckets that are not
 * empty, in two bytes for most of them: the distance from the previous such bucket, at
 * first from 0, and the count, both encoded as unsigned LEB128.
 * <p>
 * Counts are signed: a part of an iteration counts -1 at its shortest wait. Negative
 * counts are rare, and take ten bytes.
 * <p>
 * Immutable.
 */
public final class SparseHistogram {

	public static final SparseHistogram EMPTY = new SparseHistogram(new byte[0]);

	private final byte[] bytes;

	private SparseHistogram(byte[] bytes) {
		this.bytes = bytes;
	}

	/**
	 * Return the difference between two copies of the same counters.
	 * @param before the first copy
	 * @param after the second copy; the counters count modulo 2<sup>32</sup>
	 * @return the difference
	 */
	static SparseHistogram between(int[] before, int[] after) {
		Builder counts = new Builder();
		for (int bucket = 0; bucket < after.length; bucket++) {
			if (after[bucket] == before[bucket]) {
				// Few of the 2,000 counters have changed, and mismatch() is vectorized.
				int same = Arrays.mismatch(before, bucket, before.length, after, bucket, after.length);
				if (same < 0) {
					break;
				}
				bucket += same;
			}
			counts.add(bucket, Integer.toUnsignedLong(after[bucket] - before[bucket]));
		}
		return counts.build();
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
		long[] counts = new long[size + 1];
		int index = 0;
		for (Cursor each = cursor(); each.next();) {
			buckets[index] = each.bucket();
			counts[index++] = each.count();
		}
		for (int i = size - 1; i >= 0; i--) {
			counts[i] += counts[i + 1];
		}
		return new Totals(buckets, counts);
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

		private long count;

		private Cursor(byte[] bytes) {
			this.bytes = bytes;
		}

		boolean next() {
			if (this.at == this.bytes.length) {
				return false;
			}
			this.bucket += (int) read();
			this.count = read();
			return true;
		}

		int bucket() {
			return this.bucket;
		}

		/** Return the count of the bucket, which is not 0. */
		long count() {
			return this.count;
		}

		private long read() {
			byte bits = this.bytes[this.at++];
			return (bits >= 0) ? bits : readMore(bits & 0x7F);
		}

		/** A method of its own, so that the common case of a single byte is inlined. */
		private long readMore(long first) {
			long value = first;
			byte bits = -1;
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

		private final long[] counts;

		private Totals(int[] buckets, long[] counts) {
			this.buckets = buckets;
			this.counts = counts;
		}

		/** Return the number of durations in a bucket and all buckets above it. */
		long from(int bucket) {
			int index = Arrays.binarySearch(this.buckets, bucket);
			return this.counts[(index >= 0) ? index : -index - 1];
		}

	}

	/**
	 * Builder of a histogram. Not thread-safe.
	 */
	static final class Builder {

		private byte[] bytes = new byte[16];

		private int length;

		private int last;

		/**
		 * Add a bucket above all previous ones, unless it is empty.
		 * @param bucket the bucket
		 * @param count its count
		 */
		void add(int bucket, long count) {
			if (count != 0) {
				append(bucket - this.last);
				append(count);
				this.last = bucket;
			}
		}

		private void append(long number) {
			long remaining = number;
			for (; (remaining & ~0x7F) != 0; remaining >>>= 7) {
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

		SparseHistogram build() {
			return (this.length > 0) ? new SparseHistogram(Arrays.copyOf(this.bytes, this.length)) : EMPTY;
		}

	}

}
