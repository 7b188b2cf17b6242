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
public final class SparseHistogram implements Histogram {

	public static final SparseHistogram EMPTY = new SparseHistogram(new byte[0], DurationBuckets.COUNT, -1);

	private final byte[] bytes;

	private final int first;

	private final int last;

	private SparseHistogram(byte[] bytes, int first, int last) {
		this.bytes = bytes;
		this.first = first;
		this.last = last;
	}

	/**
	 * Return the histogram of a single duration.
	 * @param nanos the duration in nanoseconds
	 * @return the histogram
	 */
	static SparseHistogram of(long nanos) {
		Builder counts = new Builder();
		counts.add(DurationBuckets.indexOf(nanos), 1);
		return counts.build();
	}

	@Override
	public void addTo(double[] values, double weight) {
		for (Cursor each = cursor(); each.next();) {
			values[each.bucket()] += weight * each.count();
		}
	}

	@Override
	public void addTo(double[] values, double[] others, double weight) {
		for (Cursor each = cursor(); each.next();) {
			double count = each.count();
			values[each.bucket()] += count;
			others[each.bucket()] += weight * count;
		}
	}

	@Override
	public int first() {
		return this.first;
	}

	@Override
	public int last() {
		return this.last;
	}

	@Override
	public long countFrom(int bucket) {
		long total = 0;
		if (bucket <= this.last) {
			for (Cursor each = cursor(); each.next();) {
				total += (each.bucket() >= bucket) ? each.count() : 0;
			}
		}
		return total;
	}

	@Override
	public SparseHistogram toSparse() {
		return this;
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
	 * Builder of a histogram. Not thread-safe.
	 */
	static final class Builder {

		private byte[] bytes = new byte[16];

		private int length;

		private int first;

		private int last;

		/**
		 * Add a bucket above all previous ones, unless it is empty.
		 * @param bucket the bucket
		 * @param count its count
		 */
		void add(int bucket, long count) {
			if (count != 0) {
				this.first = (this.length > 0) ? this.first : bucket;
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
			return (this.length > 0)
					? new SparseHistogram(Arrays.copyOf(this.bytes, this.length), this.first, this.last) : EMPTY;
		}

	}

}
