package io.github.eventloop.web;

import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.LoopRecorder;
import io.github.eventloop.monitor.MonitoredThread;

/**
 * Counts each request with the loop that it arrived on, until it is answered, has failed
 * or was given up by the client. It comes first, while the loop's thread is still the
 * current one.
 *
 * @since 0.1.0
 */
public final class RequestCountingWebFilter implements WebFilter, Ordered {

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (Thread.currentThread() instanceof MonitoredThread thread) {
			LoopRecorder recorder = thread.recorder();
			return Mono.defer(() -> {
				// Before anything else of the application runs, for that may block.
				recorder.requestStarted();
				return chain.filter(exchange);
			}).doFinally((signal) -> recorder.requestEnded());
		}
		return chain.filter(exchange);
	}

}
