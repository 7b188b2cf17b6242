package io.github.eventloop.health;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.InvalidSettingException;

/**
 * Where the lines are drawn between one {@link EventLoopStatus} and the next. Immutable.
 *
 * @param degradedP99 {@link EventLoopStatus#DEGRADED} when 1 of 100 events waits this
 * long over the window; more than 0, at most the overloaded p99
 * @param degradedP50 {@link EventLoopStatus#DEGRADED} when every other event waits this
 * long over the window; more than 0
 * @param overloadedP99 a second is bad when 1 of 100 events of this second waits this
 * long; more than 0
 * @param overloadedUtilization a second is bad when the loops were this busy in it, more
 * than 0 and up to 1, or {@code null} to judge by lag alone
 * @param stuckAfter {@link EventLoopStatus#STUCK} when a loop is in one iteration for
 * this long; at least 100 ms
 * @param tripAfter {@link EventLoopStatus#OVERLOADED} once this many seconds of the
 * window were bad; whole seconds, at least 1 s, at most the window. A single hiccup does
 * not fill them, repeated ones do
 * @param recoverAfter in service again after this long without a second above half the
 * overloaded p99; at least 1 s
 * @param startupGrace nothing but a stuck loop counts until loops have been running and
 * the application has been ready for this long, for class loading and the JIT compiler
 * make young loops lag. A loop that loads classes or is starved of CPU counts as stuck
 * only after this long then; 0, or at least 1 s
 * @param maxOutOfService back in service, on probation, after this long out of it; at
 * least 1 s
 * @param stayShare of the instances that are overloaded again sooner than
 * {@code maxOutOfService} after they came back, the share that does not leave at once but
 * stays in service for 3 to 3.75 times {@code recoverAfter}, by lot, so that a fleet that
 * is overloaded as a whole does not come and go as a whole; 0 to 1. The first time all
 * leave; with 0 they always do
 * @since 0.1.0
 */
public record HealthSettings(Duration degradedP99, Duration degradedP50, Duration overloadedP99,
		@Nullable Double overloadedUtilization, Duration stuckAfter, Duration tripAfter, Duration recoverAfter,
		Duration startupGrace, Duration maxOutOfService, double stayShare) {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Duration SHORTEST_STUCK = Duration.ofMillis(100);

	/**
	 * DEGRADED at 50 ms (p99) or 10 ms (p50), OVERLOADED after 3 seconds at 200 ms, STUCK
	 * after 2 s, 10 s to recover, 30 s of grace, at most 2 min out of service, every
	 * other instance stays for a while when it is overloaded again.
	 */
	public static final HealthSettings DEFAULT = new HealthSettings(Duration.ofMillis(50), Duration.ofMillis(10),
			Duration.ofMillis(200), null, Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(10),
			Duration.ofSeconds(30), Duration.ofMinutes(2), 0.5);

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
		require(stayShare >= 0 && stayShare <= 1, "stayShare", stayShare, "must be at least 0 and at most 1");
	}

	/**
	 * Check that the seconds that it takes to trip can lie within the window.
	 * @param window the window that seconds are counted in
	 * @return these settings
	 * @throws InvalidSettingException if they can not
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
