package io.github.eventloop.actuate.internal;

import org.springframework.core.Ordered;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * {@link HandlerMapping} for a {@link PollHandler}, where {@link EndpointHandlerMapping}
 * is not in use. It is not a filter, so that all filters come first, including those of
 * the application that restrict access.
 */
public final class PollHandlerMapping implements HandlerMapping, Ordered {

	private final PollHandler polls;

	/**
	 * Create a mapping.
	 * @param polls the handler
	 */
	public PollHandlerMapping(PollHandler polls) {
		this.polls = polls;
	}

	@Override
	public Mono<Object> getHandler(ServerWebExchange exchange) {
		WebHandler handler = this.polls::handle;
		return this.polls.handles(exchange) ? Mono.just(handler) : Mono.empty();
	}

	/** Before the mapping of Actuator. */
	@Override
	public int getOrder() {
		return -101;
	}

}
