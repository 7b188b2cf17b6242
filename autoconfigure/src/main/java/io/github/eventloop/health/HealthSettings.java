package io.github.eventloop.health;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.InvalidSettingException;

/**
 * Settings for the {@link EventLoopStatus}. Immutable.
 *
 * @param degradedP99 the 99th percentile of the lag over the window from which the status
 * is {@link EventLoopStatus#DEGRADED}; more than 0, at most the overloaded p99
 * @param degradedP50 the median lag over the window from which the status is
 * {@link EventLoopStatus#DEGRADED}; more than 0
 * @param overloadedP99 the 99th percentile of the lag in a second from which the second
 * is bad; more than 0
 * @param overloadedUtilization the utilization of the loops in a second from which the
 * second is bad; more than 0 and up to 1, or {@code null} to judge by lag alone
 * @param stuckAfter the age of an iteration in progress from which the loop is stuck; at
 * least 100 ms
 * @param tripAfter the number of bad seconds in the window from which the application is
 * overloaded; whole seconds, at least 1 s, at most the window. A single hiccup does not
 * reach it, repeated ones do
 * @param recoverAfter the time without a second above half the overloaded p99 after which
 * the application is in service again; at least 1 s
 * @param startupGrace the time for which loops must have been running and the application
 * must have been ready before anything but a stuck loop counts, as class loading and the
 * JIT compiler make new loops lag. During this time, a loop that loads classes or is
 * starved of CPU counts as stuck only after this long; 0, or at least 1 s
 * @param maxOutOfService the time out of service after which the application is back in
 * service regardless of its lag; at least 1 s
 * @param leaveWithin the longest random delay between an overload and leaving service, in
 * which the instance finds out whether others have left: then it receives more requests,
 * and stays. 0, which means that it leaves at once, or at least 1 s. Not used with a
 * {@link ReadinessGate}
 * @since 0.1.0
 */
public record HealthSettings(Duration degradedP99, Duration degradedP50, Duration overloadedP99,
		@Nullable Double overloadedUtilization, Duration stuckAfter, Duration tripAfter, Duration recoverAfter,
		Duration startupGrace, Duration maxOutOfService, Duration leaveWithin) {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Duration SHORTEST_STUCK = Duration.ofMillis(100);

	/**
	 * DEGRADED at 50 ms (p99) or 10 ms (p50), OVERLOADED after 3 seconds at 200 ms, STUCK
	 * after 2 s, 5 s to recover, 30 s of grace, at most 1 min out of service, and a delay
	 * of up to 30 s before leaving.
	 */
	public static final HealthSettings DEFAULT = new HealthSettings(Duration.ofMillis(50), Duration.ofMillis(10),
			Duration.ofMillis(200), null, Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(5),
			Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofSeconds(30));

	/**
	 * Create the settings.
	 * @throws InvalidSettingException if one of them is out of its range
	 */
	public HealthSettings {
		requirePositive("overloadedP99", overloadedP99);
		requirePositive("degradedP99", degradedP99);
		requirePositive("degradedP50", degradedP50);
		require(degradedP99.compareTo(overloadedP99) <= 0, "degradedP99", degradedP99,
				"must not be longer than the overloaded p99 of %s", overloadedP99);
		if (overloadedUtilization != null) {
			require(overloadedUtilization > 0 && overloadedUtilization <= 1, "overloadedUtilization",
					overloadedUtilization, "must be more than 0 and at most 1");
		}
		require(stuckAfter.compareTo(SHORTEST_STUCK) >= 0, "stuckAfter", stuckAfter, "must be at least %s",
				SHORTEST_STUCK);
		require(Duration.ofSeconds(tripAfter.toSeconds()).equals(tripAfter) && tripAfter.compareTo(SECOND) >= 0,
				"tripAfter", tripAfter, "must be in whole seconds and at least 1s");
		require(recoverAfter.compareTo(SECOND) >= 0, "recoverAfter", recoverAfter, "must be at least 1s");
		require(startupGrace.isZero() || startupGrace.compareTo(SECOND) >= 0, "startupGrace", startupGrace,
				"must be 0 or at least 1s");
		require(maxOutOfService.compareTo(SECOND) >= 0, "maxOutOfService", maxOutOfService, "must be at least 1s");
		require(leaveWithin.isZero() || leaveWithin.compareTo(SECOND) >= 0, "leaveWithin", leaveWithin,
				"must be 0 or at least 1s");
	}

	/**
	 * Check that {@link #tripAfter()} is not longer than the window.
	 * @param window the window that bad seconds are counted in
	 * @return these settings
	 * @throws InvalidSettingException if it is longer
	 */
	public HealthSettings checkedFor(Duration window) {
		require(this.tripAfter.compareTo(window) <= 0, "tripAfter", this.tripAfter,
				"must not be longer than the window of %s", window);
		return this;
	}

	private static void requirePositive(String setting, Duration value) {
		require(!value.isNegative() && !value.isZero(), setting, value, "must be longer than 0");
	}

	private static void require(boolean condition, String setting, Object value, String rule, Object... values) {
		if (!condition) {
			throw new InvalidSettingException(setting, value, rule, values);
		}
	}

}
