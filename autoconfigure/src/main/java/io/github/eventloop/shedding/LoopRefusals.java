package io.github.eventloop.shedding;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which of the requests of one loop are refused, and how many were.
 */
final class LoopRefusals {

	/** What the loop's thread uses, and no other. */
	private final Map<RequestPriority, Debt> debts = new EnumMap<>(RequestPriority.class);

	/** Written by the loop's thread, read by the monitor's: atomic. */
	private final AtomicLong refused = new AtomicLong();

	LoopRefusals() {
		for (RequestPriority priority : RequestPriority.values()) {
			this.debts.put(priority, new Debt());
		}
	}

	/**
	 * Decide about the next request.
	 * @param priority the priority of the request
	 * @param share the share of such requests that is to be refused, more than 0
	 * @return whether it is refused
	 */
	boolean refuseNext(RequestPriority priority, double share) {
		Debt debt = this.debts.get(priority);
		if (debt == null || !debt.isDue(share)) {
			return false;
		}
		this.refused.lazySet(this.refused.get() + 1);
		return true;
	}

	/** How many were refused so far. */
	long refused() {
		return this.refused.get();
	}

	/**
	 * The refusals that are owed, less than one: each request adds its share. A share of
	 * a quarter so refuses every fourth request, and not one in four at random, which is
	 * as fair and comes in no runs.
	 */
	private static final class Debt {

		private double refusals;

		boolean isDue(double share) {
			double refusals = this.refusals + Math.min(1, share);
			boolean due = refusals >= 1;
			this.refusals = due ? refusals - 1 : refusals;
			return due;
		}

	}

}
