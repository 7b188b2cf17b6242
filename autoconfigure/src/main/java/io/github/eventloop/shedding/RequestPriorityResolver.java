package io.github.eventloop.shedding;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Says how much a request matters. A bean of this type takes the place of the one that
 * reads the properties.
 * <p>
 * Called on the event loop for every request that may be refused, before anything else of
 * the application: an implementation must not block, and must be thread-safe. A request
 * that it throws at is not refused, which is logged at most once a minute.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RequestPriorityResolver {

	/**
	 * Return how much a request matters.
	 * @param request the request; its headers are what the caller says
	 * @return the priority
	 */
	RequestPriority priorityOf(ServerHttpRequest request);

}
