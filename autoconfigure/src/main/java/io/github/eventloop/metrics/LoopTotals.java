package io.github.eventloop.metrics;

import io.github.eventloop.monitor.LoopSnapshot;

/**
 * What loops did since they started, those that have ended included, so that it only
 * grows.
 *
 * @param ioNanos the time with events
 * @param taskNanos the time with tasks
 * @param idleNanos the time in polls that slept
 * @param iterations the iterations
 * @param events the events
 * @param eventsWaiting those of them that were waiting before the loop looked for them
 */
record LoopTotals(long ioNanos, long taskNanos, long idleNanos, long iterations, long events, long eventsWaiting) {

	static final LoopTotals NONE = new LoopTotals(0, 0, 0, 0, 0, 0);

	LoopTotals plus(LoopSnapshot loop) {
		return new LoopTotals(this.ioNanos + loop.ioNanos(), this.taskNanos + loop.taskNanos(),
				this.idleNanos + loop.idleNanos(), this.iterations + loop.iterations(), this.events + loop.events(),
				this.eventsWaiting + loop.eventsWaiting());
	}

}
