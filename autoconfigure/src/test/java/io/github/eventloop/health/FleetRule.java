package io.github.eventloop.health;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

import io.github.eventloop.monitor.Lag;

/**
 * Says whether a pod of a simulated fleet is ready.
 */
@FunctionalInterface
interface FleetRule {

	/**
	 * Judge a second.
	 * @param at its end
	 * @param lag the lag of this second alone
	 * @return whether the pod is ready
	 */
	boolean isReady(Duration at, Duration lag);

	/** The rules to compare. */
	enum Kind {

		/** No readiness signal. */
		NONE("none"),

		/** Unready while the last second lagged. */
		NAIVE("naive"),

		/** Ours, if everybody left at once every time. */
		ALL_LEAVE("`stay-share=0`"),

		/** Ours, as it is. */
		OURS("ours"),

		/** Ours, and requests are refused in proportion to the lag. */
		SHEDDING("ours, shedding");

		private final String title;

		Kind(String title) {
			this.title = title;
		}

		String title() {
			return this.title;
		}

		/** Every pod has its own. */
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
					.judge(new Evidence(at, true, true, ofSecond, ofSecond, 0, window, ofSecond, List.of(), List.of()))
					.status()
					.isInService();
			};
		}

	}

}
