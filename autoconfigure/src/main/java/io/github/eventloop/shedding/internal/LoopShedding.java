package io.github.eventloop.shedding.internal;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.github.eventloop.shedding.RequestPriority;

/**
 * Selects the requests of one event loop that are shed, and counts them.
 */
final class LoopShedding {

	/** Used by the event loop thread only. */
	private final Map<RequestPriority, Accumulator> accumulators = new EnumMap<>(RequestPriority.class);

	/** Atomic: written by the event loop thread, read by the monitor thread. */
	private final AtomicLong shed = new AtomicLong();

	LoopShedding() {
		for (RequestPriority priority : RequestPriority.values()) {
			this.accumulators.put(priority, new Accumulator());
		}
	}

	/**
	 * Decide whether the next request is shed, and count it if so.
	 * @param priority the priority of the request
	 * @param share the share of requests of that priority to shed, more than 0
	 * @return whether the request is shed
	 */
	boolean shedNext(RequestPriority priority, double share) {
		Accumulator accumulator = this.accumulators.get(priority);
		if (accumulator == null || !accumulator.add(share)) {
			return false;
		}
		this.shed.lazySet(this.shed.get() + 1);
		return true;
	}

	/** Return the number of requests shed so far. */
	long shed() {
		return this.shed.get();
	}

	/**
	 * Sum of the shares of requests minus the number of shed requests, less than 1. With
	 * a share of a quarter, exactly every fourth request is shed. A random choice of one
	 * in four would be as fair, but shed requests in runs.
	 */
	private static final class Accumulator {

		private double sum;

		/** Add a share, and return whether the sum has reached 1. */
		boolean add(double share) {
			double sum = this.sum + Math.min(1, share);
			boolean full = sum >= 1;
			this.sum = full ? sum - 1 : sum;
			return full;
		}

	}

}
