package io.github.eventloop.shedding;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Strategy that determines the priority of a request. A bean of this type replaces the
 * default, which uses the properties.
 * <p>
 * Called on the event loop thread for every request that may be shed, before any other
 * code of the application. Implementations must not block, and must be thread-safe. If an
 * implementation throws an exception, the request is not shed and the failure is logged,
 * at most once a minute.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RequestPriorityResolver {

	/**
	 * Return the priority of a request.
	 * @param request the request, whose headers are chosen by the caller
	 * @return the priority
	 */
	RequestPriority priorityOf(ServerHttpRequest request);

}
