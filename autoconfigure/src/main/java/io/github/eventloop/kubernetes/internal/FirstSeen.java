package io.github.eventloop.kubernetes.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Times at which this instance has first seen something that others have written. What
 * others write has an age by this clock only: the clocks of two nodes may differ, so a
 * time in a Lease does not determine an age. Leader election in Kubernetes' own client
 * does the same.
 * <p>
 * Thread-safe.
 */
final class FirstSeen {

	private final LongSupplier clock;

	/** In nanoseconds. Guarded by this object. */
	private final Map<String, Long> times = new HashMap<>();

	FirstSeen(LongSupplier clock) {
		this.clock = clock;
	}

	/**
	 * Return whether something was first seen at least some time ago.
	 */
	synchronized boolean isOlderThan(String what, Duration age) {
		long now = this.clock.getAsLong();
		return now - this.times.computeIfAbsent(what, (key) -> now) >= age.toNanos();
	}

	/**
	 * Forget everything that is not there any more.
	 */
	synchronized void retain(Set<String> current) {
		this.times.keySet().retainAll(current);
	}

}
