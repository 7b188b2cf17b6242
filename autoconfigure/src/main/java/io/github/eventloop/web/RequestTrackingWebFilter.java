package io.github.eventloop.web;

import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.MonitoredThread;

/**
 * Counts each request with the loop that it arrived on, until it is answered, has failed
 * or was given up by the client, and has the loop note whose code it is in: while the
 * rest of the chain is subscribed to, and while something of the request's body is handed
 * over. It comes first, while the loop's thread is still the current one. What other
 * filters and handlers do later, as when another server's answer arrives, is not seen to
 * be the request's.
 *
 * @since 0.1.0
 * @see ExecutingRequest
 */
public final class RequestTrackingWebFilter implements WebFilter, Ordered {

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (Thread.currentThread() instanceof MonitoredThread thread) {
			return new TrackedChain(exchange, chain, thread.loop().recorder());
		}
		return chain.filter(exchange);
	}

	/**
	 * Return what Spring names this filter by in the traces of exceptions. It asks for
	 * each request.
	 */
	@Override
	public String toString() {
		return "RequestTrackingWebFilter";
	}

}
