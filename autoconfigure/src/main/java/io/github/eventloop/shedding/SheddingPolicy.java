package io.github.eventloop.shedding;

import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Strategy that determines the share of requests to shed. A bean of this type replaces
 * the {@link AdaptiveSheddingPolicy}. If it also implements
 * {@link io.github.eventloop.monitor.EventLoopListener}, the monitor thread notifies it
 * every second, so that its decisions can use more than the current lag.
 * <p>
 * With the policies of the library, a second in which a tenth of the requests is shed
 * counts as an overload in the status of the application. With another policy it does
 * not, because that may shed requests for other reasons.
 * <p>
 * Called on the event loop thread for every request that may be shed. Implementations
 * must not block, should take no longer than a microsecond, and must be thread-safe,
 * since there are several event loops. If an implementation throws an exception or
 * returns NaN, the request is not shed and the failure is logged, at most once a minute.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SheddingPolicy {

	/**
	 * Return the share of requests with the given priority to shed at this instant.
	 * Called once for each request.
	 * @param loop the loop, whose thread is the current thread
	 * @param lagNanos how long the event that the loop is handling has waited, in
	 * nanoseconds
	 * @param priority the priority of the request
	 * @return the share: 0 or less to shed none, 1 or more to shed all
	 */
	double shareToShed(MonitoredLoop loop, long lagNanos, RequestPriority priority);

}
