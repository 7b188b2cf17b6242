package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.HealthSettings;

/**
 * Timers of a {@link HealthPolicy}: when the application leaves service, how long it
 * stays in it although it is in trouble, and how long it is out of it. Durations have
 * jitter, so that instances with the same trouble do not act at the same time.
 * <p>
 * Not thread-safe: used by one {@link HealthPolicy}.
 */
final class ServiceTimers {

	/**
	 * Largest fraction by which a duration is shorter or longer than its setting.
	 */
	private static final double JITTER = 0.25;

	/**
	 * Time for which an instance stays whose traffic has risen. Long enough for those
	 * that have left to return.
	 */
	private static final Duration STAY = Duration.ofMinutes(2);

	/**
	 * Time after which an instance that was refused to leave asks again: the others need
	 * a few seconds to return, and a gate should not be called more often.
	 */
	private static final Duration STAY_REFUSED = Duration.ofSeconds(10);

	/** Time for which an instance stays that returned although it lags. */
	private static final Duration STAY_AFTER_RETURN = Duration.ofSeconds(10);

	/**
	 * Time after which a gate has usually recalled an instance whose trouble turns out to
	 * be that of others, too. No connections are moved until then.
	 */
	private static final Duration RECALL = Duration.ofSeconds(2);

	private static final Duration LONG_AGO = Duration.ofSeconds(Long.MIN_VALUE);

	private final HealthSettings settings;

	private final DoubleSupplier random;

	/** The time at which the application leaves service, if the trouble lasts. */
	private Duration leaveAt = Duration.ZERO;

	/** The time at which the trouble was interrupted, or {@code null} if it was not. */
	private @Nullable Duration interruptedAt;

	/** The time until which no trouble takes the application out of service. */
	private Duration stayUntil = LONG_AGO;

	/** The time at which the application left service. */
	private Duration leftAt = Duration.ZERO;

	/** The longest time out of service, this time. */
	private Duration limit = Duration.ZERO;

	/** The end of the last second out of service that was not calm. */
	private Duration lastTrouble = Duration.ZERO;

	/**
	 * Create timers that are not running.
	 * @param settings the durations
	 * @param random uniformly distributed draws from 0 (inclusive) to 1 (exclusive)
	 */
	ServiceTimers(HealthSettings settings, DoubleSupplier random) {
		this.settings = settings;
		this.random = random;
	}

	/** Forget decisions to stay in service, and an interrupted delay. */
	void reset() {
		this.interruptedAt = null;
		this.stayUntil = LONG_AGO;
	}

	/** Return whether no trouble takes the application out of service. */
	boolean isStaying(Duration now) {
		return now.compareTo(this.stayUntil) < 0;
	}

	void stay(Duration now) {
		this.stayUntil = now.plus(scaled(STAY, 1 + JITTER * this.random.getAsDouble()));
	}

	void stayRefused(Duration now) {
		this.stayUntil = now.plus(scaled(STAY_REFUSED, 1 + JITTER * this.random.getAsDouble()));
	}

	void stayAfterReturn(Duration now) {
		this.stayUntil = now.plus(scaled(STAY_AFTER_RETURN, 1 + JITTER * this.random.getAsDouble()));
	}

	/** Return how much longer no trouble takes the application out of service. */
	Duration stayLeft(Duration now) {
		return this.stayUntil.minus(now);
	}

	/** Return whether there is no delay before leaving, and nothing to wait for. */
	boolean leavesAtOnce() {
		return this.settings.leaveWithin().isZero();
	}

	/**
	 * Draw the delay before leaving service. If the trouble was only interrupted, the
	 * rest of the previous delay follows instead, as an instance whose loop is stuck
	 * again and again, each time for less than the delay, would not leave otherwise. The
	 * time of the interruption does not count, as instances with the same trouble would
	 * all leave at its end.
	 */
	void startLeaving(Duration now) {
		Duration interruption = (this.interruptedAt != null) ? now.minus(this.interruptedAt) : null;
		this.interruptedAt = null;
		if (interruption != null && interruption.compareTo(this.settings.leaveWithin()) < 0) {
			this.leaveAt = this.leaveAt.plus(interruption);
		}
		else {
			this.leaveAt = now.plus(scaled(this.settings.leaveWithin(), this.random.getAsDouble()));
		}
	}

	/** Record that the trouble ended during the delay, perhaps only for a while. */
	void interruptLeaving(Duration now) {
		this.interruptedAt = now;
	}

	boolean isDelayOver(Duration now) {
		return now.compareTo(this.leaveAt) >= 0;
	}

	/** Return the rest of the delay before leaving service. */
	Duration delayLeft(Duration now) {
		return this.leaveAt.minus(now);
	}

	void leaveService(Duration now) {
		this.leftAt = now;
		this.limit = scaled(this.settings.maxOutOfService(), 1 - JITTER * this.random.getAsDouble());
		this.lastTrouble = now;
	}

	/** Return whether a gate is likely to recall the application yet. */
	boolean isRecallLikely(Duration now) {
		return outFor(now).compareTo(RECALL) < 0;
	}

	private Duration outFor(Duration now) {
		return now.minus(this.leftAt);
	}

	/** Record that a second out of service was not calm. */
	void restartRecovery(Duration now) {
		this.lastTrouble = now;
	}

	/** Return the time since the last second out of service that was not calm. */
	Duration calmFor(Duration now) {
		return now.minus(this.lastTrouble);
	}

	/** Return how much longer seconds have to be calm for the return to service. */
	Duration recoveryLeft(Duration now) {
		return this.settings.recoverAfter().minus(calmFor(now));
	}

	boolean hasRecovered(Duration now) {
		return calmFor(now).compareTo(this.settings.recoverAfter()) >= 0;
	}

	/** Return whether the time out of service is over. */
	boolean isTimeOver(Duration now) {
		return outFor(now).compareTo(this.limit) >= 0;
	}

	/** Return the rest of the time out of service. */
	Duration timeLeft(Duration now) {
		return this.limit.minus(outFor(now));
	}

	/** Scale to the millisecond, saturating at {@link Long#MAX_VALUE} milliseconds. */
	private static Duration scaled(Duration duration, double factor) {
		double millis = duration.toSeconds() * 1e3 + duration.toMillisPart();
		return Duration.ofMillis(Math.round(millis * factor));
	}

}
