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

	/** Largest difference between the clocks of two pods that has no effect. */
	private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(10);

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
				&& !this.pods.isOlderThan(pod.toString(), RECENT) && !isLongAgo(pod.since(), RECENT));
	}

	/**
	 * Return whether a recorded time is not within the given time before or after the
	 * current one, or is none: the record may have been edited by hand.
	 */
	boolean isLongAgo(String time, Duration within) {
		try {
			Duration difference = Duration.between(Instant.parse(time), this.wallClock.instant()).abs();
			return difference.compareTo(within.plus(CLOCKS_DIFFER)) >= 0;
		}
		catch (DateTimeException ex) {
			return true;
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
