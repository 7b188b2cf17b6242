package io.github.eventloop.shedding;

import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Strategy that determines the share of requests to shed. A bean of this type replaces
 * the {@link AdaptiveSheddingPolicy}. If it also implements
 * {@link io.github.eventloop.monitor.EventLoopListener}, the monitor thread notifies it
 * every second, so that its decisions can use more than the current lag.
 * <p>
 * Without such a bean, a second in which a tenth of the requests and at least ten are
 * shed counts as a bad one for the status of the application. With a bean it does not,
 * because that may shed requests for reasons other than overload.
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
