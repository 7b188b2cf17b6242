package io.github.eventloop.health.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.HealthSettings;

/**
 * Builder of {@link HealthSettings}, by default with a stay probability of 0 and
 * otherwise with {@link HealthSettings#DEFAULT}.
 */
public final class TestSettings {

	private @Nullable Double overloadedUtilization;

	private Duration stuckAfter = HealthSettings.DEFAULT.stuckAfter();

	private Duration recoverAfter = HealthSettings.DEFAULT.recoverAfter();

	private Duration startupGrace = HealthSettings.DEFAULT.startupGrace();

	private Duration maxOutOfService = HealthSettings.DEFAULT.maxOutOfService();

	private double stayShare;

	TestSettings overloadedUtilization(double utilization) {
		this.overloadedUtilization = utilization;
		return this;
	}

	TestSettings stuckAfter(long seconds) {
		this.stuckAfter = Duration.ofSeconds(seconds);
		return this;
	}

	public TestSettings recoverAfter(long seconds) {
		this.recoverAfter = Duration.ofSeconds(seconds);
		return this;
	}

	public TestSettings startupGrace(long seconds) {
		this.startupGrace = Duration.ofSeconds(seconds);
		return this;
	}

	TestSettings maxOutOfService(long seconds) {
		this.maxOutOfService = Duration.ofSeconds(seconds);
		return this;
	}

	TestSettings stayShare(double stayShare) {
		this.stayShare = stayShare;
		return this;
	}

	public HealthSettings build() {
		HealthSettings defaults = HealthSettings.DEFAULT;
		return new HealthSettings(defaults.degradedP99(), defaults.degradedP50(), defaults.overloadedP99(),
				this.overloadedUtilization, this.stuckAfter, defaults.tripAfter(), this.recoverAfter, this.startupGrace,
				this.maxOutOfService, this.stayShare);
	}

}
