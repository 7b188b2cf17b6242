package io.github.eventloop.actuate.internal;

import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * {@link WebFilter} for {@link EndpointRequests}, where {@link EndpointHandlerMapping} is
 * not in use.
 */
public final class EndpointRequestsWebFilter implements WebFilter, Ordered {

	private final EndpointRequests requests;

	/**
	 * Create a filter.
	 * @param requests the requests to filter
	 */
	public EndpointRequestsWebFilter(EndpointRequests requests) {
		this.requests = requests;
	}

	/** After Spring Security, whose headers take precedence. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 100;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		return this.requests.include(exchange) ? this.requests.handle(exchange, chain::filter) : chain.filter(exchange);
	}

}
