package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.monitor.Lag;

/**
 * Readiness rule of a pod in a simulated fleet, applied once a second.
 */
interface FleetRule {

	/**
	 * Judge a second.
	 * @param at the end of the second
	 * @param lag the longest lag in this second
	 * @param requests the number of requests that arrived in this second
	 * @return whether the pod is ready
	 */
	boolean isReady(Duration at, Duration lag, long requests);

	/** Return whether the pod asks its clients to reconnect. */
	boolean isDraining();

	/** Rules of the pods of a fleet. */
	interface Factory {

		/** Create the rule for one pod of a fleet. */
		FleetRule create(FleetFloor floor, SplittableRandom random);

		/** Return the title of the column or row. */
		String title();

		/** Return whether pods shed requests that would wait too long. */
		default boolean sheds() {
			return false;
		}

	}

	/** The rules to compare. */
	enum Kind implements Factory {

		/** No readiness signal. */
		NOTHING("nothing", false, false),

		/** Not ready while the lag of the last second is above the threshold. */
		THRESHOLD("threshold", false, false),

		/** Leaves at once: the policy of the library without a delay. */
		AT_ONCE("`leave-within=0s`", false, false),

		/** The policy of the library with the default settings. */
		DEFAULTS("defaults", false, false),

		/** The policy of the library with a floor that all pods share. */
		GATE("gate", true, false),

		/** The policy of the library, with requests shed that would wait too long. */
		SHEDDING("shedding", false, true),

		/** The policy of the library with the floor and with shedding. */
		BOTH("both", true, true);

		private final String title;

		private final boolean floor;

		private final boolean sheds;

		Kind(String title, boolean floor, boolean sheds) {
			this.title = title;
			this.floor = floor;
			this.sheds = sheds;
		}

		@Override
		public String title() {
			return this.title;
		}

		@Override
		public boolean sheds() {
			return this.sheds;
		}

		@Override
		public FleetRule create(FleetFloor floor, SplittableRandom random) {
			return switch (this) {
				case NOTHING -> new Threshold(Duration.ofDays(1));
				case THRESHOLD -> new Threshold(HealthSettings.DEFAULT.overloadedP99());
				case AT_ONCE -> new Policy(Duration.ZERO, null, random);
				case DEFAULTS, GATE, SHEDDING, BOTH ->
					new Policy(HealthSettings.DEFAULT.leaveWithin(), this.floor ? floor.departures() : null, random);
			};
		}

	}

	/** Not ready while the lag of a second is too long. */
	final class Threshold implements FleetRule {

		private final Duration longest;

		private boolean ready = true;

		Threshold(Duration longest) {
			this.longest = longest;
		}

		@Override
		public boolean isReady(Duration at, Duration lag, long requests) {
			this.ready = lag.compareTo(this.longest) < 0;
			return this.ready;
		}

		@Override
		public boolean isDraining() {
			return !this.ready;
		}

	}

	/** The {@link HealthPolicy}. */
	final class Policy implements FleetRule {

		private static final Duration WINDOW = Duration.ofSeconds(10);

		private final HealthPolicy policy;

		Policy(Duration leaveWithin, @Nullable Departures departures, SplittableRandom random) {
			HealthSettings defaults = HealthSettings.DEFAULT;
			HealthSettings settings = new HealthSettings(defaults.degradedP99(), defaults.degradedP50(),
					defaults.overloadedP99(), defaults.overloadedUtilization(), defaults.stuckAfter(),
					defaults.tripAfter(), defaults.recoverAfter(), Duration.ZERO, defaults.maxOutOfService(),
					leaveWithin);
			this.policy = new HealthPolicy(settings, WINDOW, random::nextDouble, departures, true);
		}

		@Override
		public boolean isReady(Duration at, Duration lag, long requests) {
			Lag ofSecond = TestSecond.lag(Duration.ZERO, lag);
			return this.policy
				.judge(new HealthInput(at, true, true, ofSecond, ofSecond, 0, requests, WINDOW, ofSecond, List.of(),
						List.of()))
				.status()
				.isInService();
		}

		@Override
		public boolean isDraining() {
			return this.policy.isDraining();
		}

	}

}
