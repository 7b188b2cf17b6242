package io.github.eventloop.shedding.internal;

import java.util.concurrent.TimeUnit;

/**
 * Estimate of the service time of a request: the time for which the loop is active from
 * one request to the next. The mean is weighted by time, Σt² / Σt, so that it is the time
 * that another request is likely to wait for: with nine requests of 1 ms to one of 150
 * ms, it is 141 ms, not 16 ms (the inspection paradox). Shed requests take next to no
 * time and hardly contribute, so that the estimate is the same whether or not requests
 * are shed.
 * <p>
 * Not thread-safe: used by the thread of the loop only.
 */
final class ServiceTime {

	/**
	 * Active time after which a measurement counts only 1/e: long enough for some
	 * requests that take a second.
	 */
	private static final double MEMORY_NANOS = TimeUnit.SECONDS.toNanos(10);

	/**
	 * Limits the estimate, which is too long if the loop spends most of its time on
	 * something other than requests.
	 */
	private static final double LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

	/**
	 * A measurement counts at most as this multiple of the estimate, so that one request
	 * that loads classes or is paused does not determine it.
	 */
	private static final double UNUSUAL = 4;

	/** Length that is never unusual. */
	private static final double USUAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private boolean started;

	private long lastActive;

	private double meanNanos;

	/** Active time measured so far, at most {@link #MEMORY_NANOS}. */
	private double weight;

	/**
	 * Record that a request has arrived.
	 * @param active the time for which the loop has been active since its start
	 */
	void requestArrived(long active) {
		if (this.started) {
			double taken = Math.min(active - this.lastActive, Math.max(USUAL_NANOS, UNUSUAL * this.meanNanos));
			this.weight = Math.min(MEMORY_NANOS, this.weight + taken);
			if (taken > 0) {
				this.meanNanos += Math.min(1, taken / this.weight) * (taken - this.meanNanos);
			}
		}
		this.started = true;
		this.lastActive = active;
	}

	/** Return the service time in nanoseconds, or 0 before the second request. */
	double nanos() {
		return Math.min(LONGEST_NANOS, this.meanNanos);
	}

}
