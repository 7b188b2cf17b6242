package io.github.eventloop.monitor;

/**
 * Distribution of the time that an event which becomes ready at a random instant of a
 * window waits until its loop handles it. Weighted by time, not by sample: an iteration
 * of length {@code d} delays every event that becomes ready during it by its remaining
 * length, so that over a window {@code T} the probability of a lag above {@code x} is
 * {@code sum(max(0, d - x)) / T}. In renewal theory this is the residual life, which long
 * iterations dominate because a random instant is more likely to fall into one of them
 * (the inspection paradox).
 *
 * @param meanNanos the mean, in nanoseconds
 * @param p50Nanos the median, in nanoseconds
 * @param p90Nanos the 90th percentile, in nanoseconds
 * @param p99Nanos the 99th percentile, in nanoseconds
 * @param maxNanos the longest wait, in nanoseconds
 * @since 0.1.0
 */
public record Lag(long meanNanos, long p50Nanos, long p90Nanos, long p99Nanos, long maxNanos) {

	/** No lag. */
	public static final Lag NONE = new Lag(0, 0, 0, 0, 0);

}
