package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

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
	 * 99th percentile of the lag within a second at or above which the second counts
	 * towards OVERLOADED. With three such seconds in the window, the application is about
	 * to leave service.
	 */
	@DurationUnit(ChronoUnit.MILLIS)
	private Duration overloadedP99 = Duration.ofMillis(200);

	/**
	 * Time after the application is ready and its first event loop has started during
	 * which the status is STARTING and only a stuck loop counts.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration startupGrace = Duration.ofSeconds(30);

	/**
	 * Duration of a single iteration after which an event loop is stuck, and the
	 * application is about to leave service.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration stuckAfter = Duration.ofSeconds(2);

	/**
	 * Longest random delay between an overload and leaving service. During the delay, an
	 * instance whose requests increase stays in service, because others have left. With
	 * 0, an instance leaves at once. Not used with a 'ReadinessGate', which decides.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration leaveWithin = Duration.ofSeconds(30);

	/**
	 * Time without a stuck loop, and without a second above half of 'overloaded-p99',
	 * after which the application is back in service.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration recoverAfter = Duration.ofSeconds(5);

	/**
	 * Maximum time out of service. Afterwards, the application is back in service
	 * regardless of its lag, so that a fleet never stays out of service as a whole.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration maxOutOfService = Duration.ofMinutes(1);

	public Duration getOverloadedP99() {
		return this.overloadedP99;
	}

	public void setOverloadedP99(Duration overloadedP99) {
		this.overloadedP99 = overloadedP99;
	}

	public Duration getStartupGrace() {
		return this.startupGrace;
	}

	public void setStartupGrace(Duration startupGrace) {
		this.startupGrace = startupGrace;
	}

	public Duration getStuckAfter() {
		return this.stuckAfter;
	}

	public void setStuckAfter(Duration stuckAfter) {
		this.stuckAfter = stuckAfter;
	}

	public Duration getLeaveWithin() {
		return this.leaveWithin;
	}

	public void setLeaveWithin(Duration leaveWithin) {
		this.leaveWithin = leaveWithin;
	}

	public Duration getRecoverAfter() {
		return this.recoverAfter;
	}

	public void setRecoverAfter(Duration recoverAfter) {
		this.recoverAfter = recoverAfter;
	}

	public Duration getMaxOutOfService() {
		return this.maxOutOfService;
	}

	public void setMaxOutOfService(Duration maxOutOfService) {
		this.maxOutOfService = maxOutOfService;
	}

	/**
	 * Convert these properties to settings that fit a window.
	 * <p>
	 * Settings without a property adapt to those that the user has set: only a shorter
	 * window, or only a lower {@code overloaded-p99}, is valid.
	 * @param window the window in which bad seconds are counted
	 * @return the settings
	 */
	HealthSettings toSettings(Duration window) {
		HealthSettings defaults = HealthSettings.DEFAULT;
		try {
			return new HealthSettings(shorter(defaults.degradedP99(), this.overloadedP99), defaults.degradedP50(),
					this.overloadedP99, defaults.overloadedUtilization(), this.stuckAfter,
					shorter(defaults.tripAfter(), Duration.ofSeconds(window.toSeconds())), this.recoverAfter,
					this.startupGrace, this.maxOutOfService, this.leaveWithin);
		}
		catch (InvalidSettingException ex) {
			throw InvalidProperty.of("eventloop.health", ex);
		}
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
