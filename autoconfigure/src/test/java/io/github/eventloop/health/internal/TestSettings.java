package io.github.eventloop.health.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.HealthSettings;

/**
 * Builder of {@link HealthSettings}, by default without a delay before leaving, with 10 s
 * to recover and at most 2 min out of service, and otherwise with
 * {@link HealthSettings#DEFAULT}.
 */
public final class TestSettings {

	private @Nullable Double overloadedUtilization;

	private Duration stuckAfter = HealthSettings.DEFAULT.stuckAfter();

	private Duration recoverAfter = Duration.ofSeconds(10);

	private Duration startupGrace = HealthSettings.DEFAULT.startupGrace();

	private Duration maxOutOfService = Duration.ofMinutes(2);

	private Duration leaveWithin = Duration.ZERO;

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

	TestSettings leaveWithin(long seconds) {
		this.leaveWithin = Duration.ofSeconds(seconds);
		return this;
	}

	public HealthSettings build() {
		HealthSettings defaults = HealthSettings.DEFAULT;
		return new HealthSettings(defaults.degradedP99(), defaults.degradedP50(), defaults.overloadedP99(),
				this.overloadedUtilization, this.stuckAfter, defaults.tripAfter(), this.recoverAfter, this.startupGrace,
				this.maxOutOfService, this.leaveWithin);
	}

}
