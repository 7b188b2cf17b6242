package io.github.eventloop.monitor;

/**
 * How long an event that becomes ready at a random instant of a window waits before its
 * loop picks it up. Weighted by time, not by sample: an iteration of length {@code d}
 * holds up every event that becomes ready during it by the iteration's remaining length,
 * so that over a window {@code T} the probability of a lag above {@code x} is
 * {@code sum(max(0, d - x)) / T}.
 *
 * @param meanNanos the mean, in nanoseconds
 * @param p50Nanos the median, in nanoseconds
 * @param p90Nanos the 90th percentile, in nanoseconds
 * @param p99Nanos the 99th percentile, in nanoseconds
 * @param maxNanos the longest wait, in nanoseconds
 * @since 0.1.0
 */
public record Lag(long meanNanos, long p50Nanos, long p90Nanos, long p99Nanos, long maxNanos) {

	/** No wait at all. */
	public static final Lag NONE = new Lag(0, 0, 0, 0, 0);

}
