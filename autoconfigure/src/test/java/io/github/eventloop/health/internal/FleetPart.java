package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.SplittableRandom;

import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.internal.FleetRule.Kind;

/**
 * Parts of the policy of the library. As a rule, each is the policy without that part, to
 * show what the part contributes.
 */
enum FleetPart implements FleetRule.Factory {

	/** The comparison of the requests with those before the trouble. */
	COMPARISON("without comparing requests"),

	/** The drain of connections while a pod stays in service although it lags. */
	DRAIN_IN_SERVICE("without draining in service"),

	/** The rule of the gate that none leaves if more are in trouble than may leave. */
	SHARED_TROUBLE("gate alone");

	private final String title;

	FleetPart(String title) {
		this.title = title;
	}

	@Override
	public String title() {
		return this.title;
	}

	@Override
	public FleetRule create(FleetFloor floor, SplittableRandom random) {
		return (this == SHARED_TROUBLE) ? new FleetRule.Policy(HealthSettings.DEFAULT.leaveWithin(),
				floor.departuresWhileEnoughRemain(), random) : new Without(this, Kind.DEFAULTS.create(floor, random));
	}

	private static final class Without implements FleetRule {

		private final FleetPart part;

		private final FleetRule ours;

		private boolean ready = true;

		Without(FleetPart part, FleetRule ours) {
			this.part = part;
			this.ours = ours;
		}

		@Override
		public boolean isReady(Duration at, Duration lag, long requests) {
			this.ready = this.ours.isReady(at, lag, (this.part == COMPARISON) ? 0 : requests);
			return this.ready;
		}

		@Override
		public boolean isDraining() {
			return (this.part == DRAIN_IN_SERVICE) ? !this.ready : this.ours.isDraining();
		}

	}

}
