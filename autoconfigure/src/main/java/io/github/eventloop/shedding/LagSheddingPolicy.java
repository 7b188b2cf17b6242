package io.github.eventloop.shedding;

import java.time.Duration;

import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Refuses in proportion to the lag of the loop: with
 * {@code s = (lag - startLag) / (fullLag - startLag)}, kept within 0 and 1, the share is
 * {@code s} of requests of normal priority, {@code min(1, 2 s)} of low, and
 * {@code max(0, 2 s - 1)} of high. So all that is low is refused before anything that is
 * high. Immutable.
 *
 * @param startLag up to this lag nothing is refused; more than 0
 * @param fullLag from this lag on everything is refused; more than the start lag, at most
 * 1 minute
 * @since 0.1.0
 */
public record LagSheddingPolicy(Duration startLag, Duration fullLag) implements SheddingPolicy {

	/**
	 * The longest lag that can be waited for: callers have given up long before.
	 */
	public static final Duration LONGEST_LAG = Duration.ofMinutes(1);

	/**
	 * From 50 to 200 milliseconds.
	 */
	public static final LagSheddingPolicy DEFAULT = new LagSheddingPolicy(Duration.ofMillis(50),
			Duration.ofMillis(200));

	/**
	 * Create a policy.
	 * @throws InvalidSettingException if one of the settings is out of its range
	 */
	public LagSheddingPolicy {
		if (!isPositive(fullLag) || fullLag.compareTo(LONGEST_LAG) > 0) {
			throw new InvalidSettingException("fullLag", fullLag, "must be longer than 0 and at most %s", LONGEST_LAG);
		}
		if (!isPositive(startLag) || startLag.compareTo(fullLag) >= 0) {
			throw new InvalidSettingException("startLag", startLag,
					"must be longer than 0 and shorter than the full lag of %s", fullLag);
		}
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isNegative() && !duration.isZero();
	}

	@Override
	public double shareToRefuse(MonitoredLoop loop, long lagNanos, RequestPriority priority) {
		long start = this.startLag.toNanos();
		double share = Math.min(1, Math.max(0, (lagNanos - start) / (double) (this.fullLag.toNanos() - start)));
		return switch (priority) {
			case LOW -> Math.min(1, 2 * share);
			case NORMAL -> share;
			case HIGH -> Math.max(0, 2 * share - 1);
		};
	}

}
