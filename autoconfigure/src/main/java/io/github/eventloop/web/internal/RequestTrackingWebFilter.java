package io.github.eventloop.web.internal;

import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;

/**
 * Web filter that tracks requests on the event loop that they arrive on. Each request is
 * counted until it completes, fails or is cancelled by the client. The event loop is
 * marked as executing the request while the rest of the chain is subscribed to, and while
 * a part of the request body is emitted. The filter has the highest precedence, so that
 * it runs on the event loop thread. Work that filters and handlers do later, for example
 * when the response of another server arrives, is not attributed to the request.
 *
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
			return new TrackedChain(exchange, chain, thread.recorder());
		}
		return chain.filter(exchange);
	}

	/**
	 * Return the name of this filter in Spring's exception traces. Constant, since Spring
	 * calls this method for each request.
	 */
	@Override
	public String toString() {
		return "RequestTrackingWebFilter";
	}

}
