package io.github.eventloop.metrics.internal;

import io.github.eventloop.monitor.LoopSnapshot;

/**
 * Monotonic totals of one or more loops since their start, including terminated loops.
 *
 * @param ioNanos the time spent handling events
 * @param taskNanos the time spent running tasks
 * @param idleNanos the time spent in polls that slept
 * @param iterations the number of iterations
 * @param events the number of events
 * @param eventsWaiting the number of events that were already waiting when the loop
 * polled
 */
record LoopTotals(long ioNanos, long taskNanos, long idleNanos, long iterations, long events, long eventsWaiting) {

	static final LoopTotals NONE = new LoopTotals(0, 0, 0, 0, 0, 0);

	LoopTotals plus(LoopSnapshot loop) {
		return new LoopTotals(this.ioNanos + loop.totals().ioNanos(), this.taskNanos + loop.totals().taskNanos(),
				this.idleNanos + loop.totals().idleNanos(), this.iterations + loop.totals().iterations(),
				this.events + loop.totals().events(), this.eventsWaiting + loop.totals().eventsWaiting());
	}

}
