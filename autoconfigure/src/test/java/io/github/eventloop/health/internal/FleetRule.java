package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.monitor.Lag;

/**
 * Readiness rule of a pod in a simulated fleet.
 */
@FunctionalInterface
interface FleetRule {

	/**
	 * Return whether the pod is ready after a second.
	 * @param at the end of the second
	 * @param lag the lag of this second alone
	 * @return whether the pod is ready
	 */
	boolean isReady(Duration at, Duration lag);

	/** The rules to compare. */
	enum Kind {

		/** No readiness signal. */
		NONE("none"),

		/** Not ready while the lag of the last second is above the threshold. */
		NAIVE("naive"),

		/** The policy of the library with a stay probability of 0. */
		ALL_LEAVE("`stay-share=0`"),

		/** The policy of the library with the default settings. */
		OURS("ours"),

		/** The policy of the library, with requests shed in proportion to the lag. */
		SHEDDING("ours, shedding");

		private final String title;

		Kind(String title) {
			this.title = title;
		}

		String title() {
			return this.title;
		}

		/** Create the rule for one pod. */
		FleetRule create(SplittableRandom random) {
			return switch (this) {
				case NONE -> (at, lag) -> true;
				case NAIVE -> (at, lag) -> lag.compareTo(HealthSettings.DEFAULT.overloadedP99()) < 0;
				case ALL_LEAVE -> ours(0, random);
				case OURS, SHEDDING -> ours(HealthSettings.DEFAULT.stayShare(), random);
			};
		}

		private static FleetRule ours(double stayShare, SplittableRandom random) {
			Duration window = Duration.ofSeconds(10);
			HealthPolicy policy = new HealthPolicy(new TestSettings().startupGrace(0).stayShare(stayShare).build(),
					window, random::nextDouble);
			return (at, lag) -> {
				Lag ofSecond = TestSecond.lag(Duration.ZERO, lag);
				return policy
					.judge(new HealthInput(at, true, true, ofSecond, ofSecond, 0, window, ofSecond, List.of(),
							List.of()))
					.status()
					.isInService();
			};
		}

	}

}
