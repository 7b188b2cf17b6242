package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.ReadinessGate.Decision;

/**
 * Floor that all pods of a simulated fleet share, with the rules of the readiness gate
 * for Kubernetes: at least 60 % of the pods remain in service. If more are in trouble
 * than may leave, they have it in common: none leaves, those that are out are recalled,
 * and none leaves again for a while.
 */
final class FleetFloor {

	private static final double MIN_AVAILABLE = 0.6;

	/** Time for which a pod that asked counts as being in trouble. */
	private static final Duration RECENT = Duration.ofSeconds(15);

	private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);

	private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

	private final int mayLeave;

	/** The pods that are out of service. */
	private final Set<Pod> out = new HashSet<>();

	/** When pods last asked whether they may leave. */
	private final Map<Pod, Duration> askedAt = new HashMap<>();

	private Duration noneUntil = Duration.ZERO;

	private Duration pause = FIRST_PAUSE;

	FleetFloor(int pods) {
		this.mayLeave = pods - (int) Math.ceil(MIN_AVAILABLE * pods);
	}

	/** Create the departures of one pod. */
	Departures departures() {
		return new Pod();
	}

	/** Create the departures of one pod, without the rule for shared trouble. */
	Departures departuresWhileEnoughRemain() {
		return new Pod() {

			@Override
			public Decision decide(Duration now, EventLoopStatus status, String reason) {
				return (FleetFloor.this.out.size() < FleetFloor.this.mayLeave) ? grant(this)
						: Decision.refused("too few pods would remain");
			}

		};
	}

	private Decision decide(Pod pod, Duration now) {
		this.askedAt.put(pod, now);
		this.askedAt.values().removeIf((asked) -> now.minus(asked).compareTo(RECENT) > 0);
		Set<Pod> inTrouble = new HashSet<>(this.askedAt.keySet());
		inTrouble.addAll(this.out);
		if (inTrouble.size() > this.mayLeave) {
			recallAll(now);
			return Decision.refused("more pods are in trouble than may leave");
		}
		if (now.compareTo(this.noneUntil) < 0) {
			return Decision.refused("others were overloaded after some had left");
		}
		return grant(pod);
	}

	private Decision grant(Pod pod) {
		this.out.add(pod);
		return Decision.granted("enough pods remain");
	}

	private void recallAll(Duration now) {
		if (!this.out.isEmpty()) {
			this.out.forEach((pod) -> pod.recalled = "more pods are in trouble than may leave");
			this.noneUntil = now.plus(this.pause);
			this.pause = (this.pause.compareTo(LONGEST_PAUSE) < 0) ? this.pause.multipliedBy(2) : this.pause;
		}
	}

	private class Pod implements Departures {

		private @Nullable String recalled;

		@Override
		public Decision decide(Duration now, EventLoopStatus status, String reason) {
			return FleetFloor.this.decide(this, now);
		}

		@Override
		public @Nullable String recalled() {
			return this.recalled;
		}

		@Override
		public void returned() {
			this.recalled = null;
			FleetFloor.this.out.remove(this);
		}

	}

}
