package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.monitor.InvalidSettingException;

/**
 * Configuration properties for the health of the event loops.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop.health")
public class HealthProperties {

	/**
	 * 99th percentile of the lag over the window at or above which the status is
	 * DEGRADED.
	 */
	@DurationUnit(ChronoUnit.MILLIS)
	private @Nullable Duration degradedP99;

	/**
	 * Median of the lag over the window at or above which the status is DEGRADED.
	 */
	@DurationUnit(ChronoUnit.MILLIS)
	private Duration degradedP50 = Duration.ofMillis(10);

	/**
	 * 99th percentile of the lag within a second at or above which the second counts
	 * towards OVERLOADED.
	 */
	@DurationUnit(ChronoUnit.MILLIS)
	private Duration overloadedP99 = Duration.ofMillis(200);

	/**
	 * Utilization of the event loops, greater than 0 and at most 1, at or above which a
	 * second counts towards OVERLOADED. When not set, only the lag counts.
	 */
	private @Nullable Double overloadedUtilization;

	/**
	 * Duration of a single iteration after which an event loop is STUCK.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration stuckAfter = Duration.ofSeconds(2);

	/**
	 * Number of seconds in the window, not necessarily consecutive, that must count
	 * towards OVERLOADED before the status changes to it. Whole seconds, at most the
	 * window.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private @Nullable Duration tripAfter;

	/**
	 * Time without a stuck loop, and without a second above half of 'overloaded-p99',
	 * after which the application is back in service.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration recoverAfter = Duration.ofSeconds(10);

	/**
	 * Time after the application is ready and its first event loop has started during
	 * which the status is STARTING and only a stuck loop counts.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration startupGrace = Duration.ofSeconds(30);

	/**
	 * Maximum time out of service. Afterwards, the application is back in service on
	 * probation, so that a fleet never stays out of service as a whole.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration maxOutOfService = Duration.ofMinutes(2);

	/**
	 * Probability, between 0 and 1, that an instance that is overloaded again soon after
	 * its return stays in service for a while instead of leaving immediately. Decided by
	 * a random draw, so that a fleet that is overloaded as a whole does not leave and
	 * return as a whole. The first time, every instance leaves.
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
	 * A default adapts to another property that the user has set: setting only a shorter
	 * window, or only a lower {@code overloaded-p99}, is valid. A value that the user has
	 * set is never adapted, even if it is equal to the default.
	 * @param window the window in which bad seconds are counted
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
