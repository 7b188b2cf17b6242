package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.monitor.InvalidSettingException;

/**
 * How the event loops are judged.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop.health")
public class HealthProperties {

	/**
	 * Lag that 1 of 100 events meets over the window, at or above which the status is
	 * DEGRADED.
	 */
	@DurationUnit(ChronoUnit.MILLIS)
	private @Nullable Duration degradedP99;

	/**
	 * Lag that every other event meets over the window, at or above which the status is
	 * DEGRADED.
	 */
	@DurationUnit(ChronoUnit.MILLIS)
	private Duration degradedP50 = Duration.ofMillis(10);

	/**
	 * Lag that 1 of 100 events meets in a second, at or above which the second counts
	 * towards OVERLOADED.
	 */
	@DurationUnit(ChronoUnit.MILLIS)
	private Duration overloadedP99 = Duration.ofMillis(200);

	/**
	 * Utilization of the loops, more than 0 and at most 1, at or above which a second
	 * counts towards OVERLOADED. Lag alone counts when not set.
	 */
	private @Nullable Double overloadedUtilization;

	/**
	 * Time in one iteration after which a loop is STUCK.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration stuckAfter = Duration.ofSeconds(2);

	/**
	 * Number of seconds of the window that have to be bad, in a row or not, before the
	 * status is OVERLOADED. Whole seconds, not longer than the window.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private @Nullable Duration tripAfter;

	/**
	 * Time without a second above half of the OVERLOADED lag before the application is in
	 * service again.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration recoverAfter = Duration.ofSeconds(10);

	/**
	 * Time after the application is ready and its first loop has started during which the
	 * status is STARTING, and only a STUCK loop counts.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration startupGrace = Duration.ofSeconds(30);

	/**
	 * Longest time out of service. Afterwards the application is back in service on
	 * probation, so that a whole fleet never stays out.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration maxOutOfService = Duration.ofMinutes(2);

	/**
	 * Of the instances that are overloaded again soon after they came back, the share
	 * that does not leave at once but stays in service for a while, by lot, so that a
	 * fleet that is overloaded as a whole does not come and go as a whole; 0 to 1. The
	 * first time all leave; with 0 they always do.
	 */
	private double stayShare = 0.5;

	public @Nullable Duration getDegradedP99() {
		return this.degradedP99;
	}

	public void setDegradedP99(@Nullable Duration degradedP99) {
		this.degradedP99 = degradedP99;
	}

	public Duration getDegradedP50() {
		return this.degradedP50;
	}

	public void setDegradedP50(Duration degradedP50) {
		this.degradedP50 = degradedP50;
	}

	public Duration getOverloadedP99() {
		return this.overloadedP99;
	}

	public void setOverloadedP99(Duration overloadedP99) {
		this.overloadedP99 = overloadedP99;
	}

	public @Nullable Double getOverloadedUtilization() {
		return this.overloadedUtilization;
	}

	public void setOverloadedUtilization(@Nullable Double overloadedUtilization) {
		this.overloadedUtilization = overloadedUtilization;
	}

	public Duration getStuckAfter() {
		return this.stuckAfter;
	}

	public void setStuckAfter(Duration stuckAfter) {
		this.stuckAfter = stuckAfter;
	}

	public @Nullable Duration getTripAfter() {
		return this.tripAfter;
	}

	public void setTripAfter(@Nullable Duration tripAfter) {
		this.tripAfter = tripAfter;
	}

	public Duration getRecoverAfter() {
		return this.recoverAfter;
	}

	public void setRecoverAfter(Duration recoverAfter) {
		this.recoverAfter = recoverAfter;
	}

	public Duration getStartupGrace() {
		return this.startupGrace;
	}

	public void setStartupGrace(Duration startupGrace) {
		this.startupGrace = startupGrace;
	}

	public Duration getMaxOutOfService() {
		return this.maxOutOfService;
	}

	public void setMaxOutOfService(Duration maxOutOfService) {
		this.maxOutOfService = maxOutOfService;
	}

	public double getStayShare() {
		return this.stayShare;
	}

	public void setStayShare(double stayShare) {
		this.stayShare = stayShare;
	}

	/**
	 * Convert these properties to settings that fit a window.
	 * <p>
	 * A default gives way to another property that the user has set: a shorter window
	 * alone, or a lower lag that counts as overload, is no mistake. A value that the user
	 * has set never gives way, not even if it is the same as the default.
	 * @param window the window that bad seconds are counted over
	 * @return the settings
	 */
	HealthSettings toSettings(Duration window) {
		Duration degradedP99 = (this.degradedP99 != null) ? this.degradedP99
				: shorter(HealthSettings.DEFAULT.degradedP99(), this.overloadedP99);
		Duration tripAfter = (this.tripAfter != null) ? this.tripAfter
				: shorter(HealthSettings.DEFAULT.tripAfter(), Duration.ofSeconds(window.toSeconds()));
		try {
			return new HealthSettings(degradedP99, this.degradedP50, this.overloadedP99, this.overloadedUtilization,
					this.stuckAfter, tripAfter, this.recoverAfter, this.startupGrace, this.maxOutOfService,
					this.stayShare)
				.checkedFor(window);
		}
		catch (InvalidSettingException ex) {
			throw InvalidProperty.of("eventloop.health", ex);
		}
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
