package io.github.eventloop.shedding.internal;

import java.util.concurrent.TimeUnit;
import java.util.function.LongBinaryOperator;

/**
 * Detector for the overload of a loop whose requests are not shed: for half a second,
 * more than ten requests have been waiting. Callers that wait for their responses before
 * they send more do not cause that unless there are many on one loop, random arrivals
 * below the capacity hardly ever do, and a higher load does within seconds.
 * <p>
 * As in CoDel (RFC 8289), only a queue that persists counts, not a burst that is being
 * processed.
 * <p>
 * Not thread-safe: used by the thread of the loop only.
 */
final class OverloadDetector {

	/**
	 * Length of the queue, in requests. At 0.7 times the capacity, one in several
	 * thousand requests of equal service time finds a longer one (M/D/1).
	 */
	private static final double LONGEST_QUEUE = 10;

	/** Lag that few callers wait for, however slow the requests are. */
	private static final double LONGEST_LAG_NANOS = TimeUnit.SECONDS.toNanos(4);

	/** Time for which the lag has to be too long. */
	private static final long PERSISTENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	/**
	 * Time before a request arrived in which a pause may still be the cause of its lag.
	 */
	private static final long PAUSE_MEMORY_NANOS = TimeUnit.SECONDS.toNanos(10);

	/**
	 * Lag after a pause, relative to it: half of the paused iteration, and the time to
	 * process what arrived during it.
	 */
	private static final double LAG_OF_PAUSE = 1.5;

	/**
	 * Share of time from which pauses reduce the capacity of the loop, which is then
	 * overloaded by what it could process otherwise.
	 */
	private static final double FREQUENT = 1.0 / 3;

	private final double shortestLagNanos;

	private final LongBinaryOperator pausedNanos;

	private boolean above;

	private long aboveSince;

	private long lastAbove;

	/**
	 * Create a detector.
	 * @param shortestLagNanos the lag below which there is no overload, however fast the
	 * requests are
	 * @param pausedNanos returns for how long garbage collection paused the process
	 * between two instants
	 */
	OverloadDetector(double shortestLagNanos, LongBinaryOperator pausedNanos) {
		this.shortestLagNanos = shortestLagNanos;
		this.pausedNanos = pausedNanos;
	}

	/**
	 * Record the lag of a request, and return whether the loop is overloaded.
	 * @param lagNanos the lag
	 * @param serviceNanos the service time of a request
	 * @param now the current instant
	 * @return whether it is overloaded
	 */
	boolean isOverloaded(long lagNanos, double serviceNanos, long now) {
		double limit = Math.max(this.shortestLagNanos, Math.min(LONGEST_LAG_NANOS, LONGEST_QUEUE * serviceNanos));
		if (lagNanos <= limit) {
			this.above = false;
		}
		else if (!this.above || now - this.lastAbove > lagNanos + PERSISTENCE_NANOS) {
			// Without requests for longer than this one has waited, the queue was empty.
			this.above = true;
			this.aboveSince = now;
			this.lastAbove = now;
		}
		else if (now - this.aboveSince >= PERSISTENCE_NANOS) {
			// Pauses are known only now, not when the first requests after them arrive.
			this.above = false;
			long period = lagNanos + PAUSE_MEMORY_NANOS;
			long paused = this.pausedNanos.applyAsLong(now - period, now);
			return paused > FREQUENT * period || lagNanos - LAG_OF_PAUSE * paused > limit;
		}
		else {
			this.lastAbove = now;
		}
		return false;
	}

}
