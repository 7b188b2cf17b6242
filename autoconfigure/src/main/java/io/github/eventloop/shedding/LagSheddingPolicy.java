package io.github.eventloop.shedding;

import java.time.Duration;

import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.shedding.internal.PriorityShares;

/**
 * {@link SheddingPolicy} that sheds requests in proportion to the lag of the event loop.
 * With {@code s = (lag - startLag) / (fullLag - startLag)}, clamped to 0 and 1, the share
 * is {@code s} for requests of normal priority, {@code min(1, 2 s)} for low and
 * {@code max(0, 2 s - 1)} for high priority. All requests of low priority are therefore
 * shed before any of high priority. Immutable.
 *
 * @param startLag the lag up to which no request is shed; more than 0
 * @param fullLag the lag from which all requests are shed; more than the start lag, at
 * most 1 minute
 * @since 0.1.0
 */
public record LagSheddingPolicy(Duration startLag, Duration fullLag) implements SheddingPolicy {

	/**
	 * Longest value of the full lag: callers time out long before.
	 */
	public static final Duration LONGEST_LAG = Duration.ofMinutes(1);

	/**
	 * Default policy: from 50 to 200 milliseconds.
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
	public double shareToShed(MonitoredLoop loop, long lagNanos, RequestPriority priority) {
		return PriorityShares.of(lagNanos, this.startLag.toNanos(), this.fullLag.toNanos(), priority);
	}

}
