package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.HealthSettings;

/**
 * Timers of the states of a {@link HealthPolicy}: how long the application stays in
 * service although it is overloaded, is out of service, and is on probation. Draws at
 * random whether it stays, and the jitter of the durations.
 * <p>
 * Not thread-safe: used by one {@link HealthPolicy}.
 */
final class ServiceTimers {

	/**
	 * Largest fraction by which a duration is shorter or longer than its setting. Chosen
	 * so that the probation of replicas that left together begins up to half a minute
	 * apart by default, while durations stay close to their settings. In the fleet
	 * simulation, 0 and 0.5 made little difference.
	 */
	private static final double JITTER = 0.25;

	/**
	 * Time for which an overloaded replica stays in service, in multiples of the recovery
	 * time. Chosen so that replicas that left are back before those that stayed draw
	 * again. In the fleet simulation, 1 increased the readiness changes by half, and with
	 * 6 all of ten replicas could be out of service again after the first time.
	 */
	private static final int STAY_FACTOR = 3;

	private static final Duration LONG_AGO = Duration.ofSeconds(Long.MIN_VALUE);

	private final HealthSettings settings;

	private final DoubleSupplier random;

	/** The time at which the application left service, or began its probation. */
	private Duration since = Duration.ZERO;

	/** The longest time out of service, or the duration of the probation, this time. */
	private Duration limit = Duration.ZERO;

	/**
	 * The time of the last recovery from an overload, or of the start of the last
	 * probation: the overload may return with the load. {@code null} if there was none.
	 */
	private @Nullable Duration returnedAt;

	/** The time until which bad seconds do not take the application out of service. */
	private Duration stayUntil = LONG_AGO;

	/** The end of the last second out of service that was not calm. */
	private Duration lastTrouble = Duration.ZERO;

	/** The time out of service before the probation. */
	private Duration wasOutFor = Duration.ZERO;

	/**
	 * Create timers that are not running.
	 * @param settings the durations, and the probability to stay
	 * @param random uniformly distributed draws from 0 (inclusive) to 1 (exclusive)
	 */
	ServiceTimers(HealthSettings settings, DoubleSupplier random) {
		this.settings = settings;
		this.random = random;
	}

	/** Forget previous returns to service and decisions to stay in it. */
	void reset() {
		this.returnedAt = null;
		this.stayUntil = LONG_AGO;
	}

	/** Return whether bad seconds do not take the application out of service. */
	boolean isStaying(Duration now) {
		return now.compareTo(this.stayUntil) < 0;
	}

	/** Return whether the last return to service was recent, so leaving did not help. */
	boolean hasReturnedRecently(Duration now) {
		return this.returnedAt != null && now.minus(this.returnedAt).compareTo(this.settings.maxOutOfService()) < 0;
	}

	/**
	 * Draw whether to leave service. A draw of 0 means leaving, unless the stay
	 * probability is 1.
	 */
	boolean drawToLeave() {
		return this.random.getAsDouble() < 1 - this.settings.stayShare();
	}

	void stay(Duration now) {
		this.stayUntil = now
			.plus(scaled(this.settings.recoverAfter(), STAY_FACTOR * (1 + JITTER * this.random.getAsDouble())));
	}

	/** Return how much longer bad seconds do not take the application out of service. */
	Duration stayLeft(Duration now) {
		return this.stayUntil.minus(now);
	}

	void leaveService(Duration now) {
		this.since = now;
		this.limit = scaled(this.settings.maxOutOfService(), 1 - JITTER * this.random.getAsDouble());
		this.lastTrouble = now;
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

	/** Return whether the time out of service, or on probation, is over. */
	boolean isTimeOver(Duration now) {
		return now.minus(this.since).compareTo(this.limit) >= 0;
	}

	/** Return the rest of the time out of service, or on probation. */
	Duration timeLeft(Duration now) {
		return this.limit.minus(now.minus(this.since));
	}

	/** Record a return to service from an overload. */
	void returnToService(Duration now) {
		this.returnedAt = now;
	}

	void enterProbation(Duration now) {
		this.returnedAt = now;
		this.wasOutFor = now.minus(this.since);
		this.since = now;
		this.limit = scaled(this.settings.recoverAfter(), 1 + JITTER * this.random.getAsDouble());
	}

	/** Return the time out of service before the probation. */
	Duration wasOutFor() {
		return this.wasOutFor;
	}

	/** Scale to the millisecond, saturating at {@link Long#MAX_VALUE} milliseconds. */
	private static Duration scaled(Duration duration, double factor) {
		double millis = duration.toSeconds() * 1e3 + duration.toMillisPart();
		return Duration.ofMillis(Math.round(millis * factor));
	}

}
