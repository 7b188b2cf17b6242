package io.github.eventloop.shedding;

import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Says which share of the requests is to be refused. A bean of this type takes the place
 * of the {@link LagSheddingPolicy}. One that also implements
 * {@link io.github.eventloop.monitor.EventLoopListener} is told of every second, by the
 * monitor's thread, and so can go by more than the instant.
 * <p>
 * Called on the loop for every request that may be refused: an implementation must not
 * block, should take no longer than a microsecond, and must be thread-safe, for there are
 * several loops. Where it throws, or answers with what is not a number, nothing is
 * refused, and that is logged at most once a minute.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SheddingPolicy {

	/**
	 * Return the share of such requests that is to be refused on a loop at this instant.
	 * @param loop the loop, whose thread is the current one
	 * @param lagNanos how long the event has waited that the loop handles at this
	 * instant, in nanoseconds
	 * @param priority how much the request matters
	 * @return the share: 0 or less refuses none, 1 or more all
	 */
	double shareToRefuse(MonitoredLoop loop, long lagNanos, RequestPriority priority);

}
