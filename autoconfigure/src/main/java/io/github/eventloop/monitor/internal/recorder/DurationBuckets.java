package io.github.eventloop.monitor.internal.recorder;

/**
 * Log-linear scale of durations: 64 equal buckets between one power of two and the next,
 * so that the middle of a bucket is within 0.8 % of every duration from 1 µs to 18
 * minutes in it. The layout is that of an HdrHistogram, which has 16 such buckets for one
 * significant digit and 128 for two. The counts are an {@code int[]} of 8 KiB, into which
 * a duration is recorded with one shift and one store.
 */
public final class DurationBuckets {

	private static final int STEPS_BITS = 6;

	/** The number of buckets between one power of two and the next. */
	public static final int STEPS = 1 << STEPS_BITS;

	/** Durations below 2^10 ns are counted in steps of 16 ns. */
	private static final int FIRST_OCTAVE = 10;

	private static final int LAST_OCTAVE = 39;

	private static final long LONGEST = (1L << (LAST_OCTAVE + 1)) - 1;

	/** The number of buckets. */
	public static final int COUNT = STEPS * (LAST_OCTAVE - FIRST_OCTAVE + 2);

	private static final long[] MIDDLES = middles();

	private DurationBuckets() {
	}

	/**
	 * Return the bucket of a duration.
	 * @param nanos the duration; below 0 counts as 0, above 18 minutes as 18 minutes
	 * @return an index from 0 to {@link #COUNT} - 1
	 */
	public static int indexOf(long nanos) {
		if (nanos < (1L << FIRST_OCTAVE)) {
			return (nanos <= 0) ? 0 : (int) (nanos >>> (FIRST_OCTAVE - STEPS_BITS));
		}
		long bounded = Math.min(nanos, LONGEST);
		int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(bounded);
		int step = (int) (bounded >>> (octave - STEPS_BITS)) - STEPS;
		return STEPS * (octave - FIRST_OCTAVE + 1) + step;
	}

	/**
	 * Return the duration that represents a bucket.
	 * @param index the index of the bucket
	 * @return the middle of the bucket in nanoseconds; 0 for the first, whose iterations
	 * count as no delay
	 */
	public static long middleOf(int index) {
		return MIDDLES[index];
	}

	private static long[] middles() {
		long[] middles = new long[COUNT];
		for (int i = 1; i < COUNT; i++) {
			int octave = Math.max(FIRST_OCTAVE, FIRST_OCTAVE + i / STEPS - 1);
			long step = 1L << (octave - STEPS_BITS);
			long first = (i < STEPS) ? i * step : (STEPS + i % STEPS) * step;
			middles[i] = first + step / 2;
		}
		return middles;
	}

}
