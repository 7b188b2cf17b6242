package io.github.eventloop.kubernetes.internal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Determines which pods are in trouble at present, and how recent a recall is. Both are
 * judged by the time since this pod has first read them, which needs no common clock. But
 * a pod that reads the Lease for the first time has never seen anything before: so a
 * record whose own time differs from the clock of this pod by too much is not recent,
 * either.
 * <p>
 * Thread-safe.
 */
final class SharedTrouble {

	/**
	 * Time for which a pod that had to stay counts as being in trouble: longer than the
	 * time after which it asks again.
	 */
	private static final Duration RECENT = Duration.ofSeconds(20);

	/** The same, by the clocks of two pods, which may differ a little. */
	private static final Duration RECENT_BY_CLOCKS = RECENT.plusSeconds(10);

	private final InstantSource wallClock;

	private final FirstSeen pods;

	private final FirstSeen recalls;

	SharedTrouble(InstantSource wallClock, LongSupplier clock) {
		this.wallClock = wallClock;
		this.pods = new FirstSeen(clock);
		this.recalls = new FirstSeen(clock);
	}

	/**
	 * Return the pods that have recently wanted to leave.
	 */
	RecordedPods recent(RecordedPods inTrouble, ServiceEndpoints endpoints) {
		this.pods.retain(inTrouble.pods().stream().map(RecordedPods.RecordedPod::toString).collect(Collectors.toSet()));
		return inTrouble.matching((pod) -> endpoints.contains(pod.name())
				&& !this.pods.isOlderThan(pod.toString(), RECENT) && isNear(pod.since()));
	}

	private boolean isNear(String time) {
		try {
			Duration difference = Duration.between(Instant.parse(time), this.wallClock.instant()).abs();
			return difference.compareTo(RECENT_BY_CLOCKS) < 0;
		}
		catch (DateTimeException ex) {
			// The record may have been edited by hand.
			return false;
		}
	}

	/** Record that a recall has been seen, unless it was seen before. */
	void seen(Recall recall) {
		this.recalls.retain(Set.of(recall.format()));
		this.recalls.isOlderThan(recall.format(), Duration.ZERO);
	}

	/**
	 * Return whether pods were recalled so recently that none may leave.
	 */
	boolean isPaused(@Nullable Recall recall) {
		if (recall == null) {
			return false;
		}
		seen(recall);
		return !this.recalls.isOlderThan(recall.format(), recall.pause())
				&& recall.age(this.wallClock.instant()).compareTo(recall.pause()) < 0;
	}

}
