package io.github.eventloop.shedding.internal;

import io.github.eventloop.shedding.RequestPriority;

/**
 * Shares of requests to shed at a lag between two bounds, by priority: all requests of
 * low priority are shed before any of high priority.
 */
public final class PriorityShares {

	private PriorityShares() {
	}

	/**
	 * Return the share of requests to shed.
	 * @param lag the lag
	 * @param start the lag up to which no request is shed
	 * @param full the lag from which all requests are shed, more than {@code start}
	 * @param priority the priority of the requests
	 * @return the share, 0..1, which never decreases with the lag
	 */
	public static double of(double lag, double start, double full, RequestPriority priority) {
		double share = Math.min(1, Math.max(0, (lag - start) / (full - start)));
		return switch (priority) {
			case LOW -> Math.min(1, 2 * share);
			case NORMAL -> share;
			case HIGH -> Math.max(0, 2 * share - 1);
		};
	}

}
