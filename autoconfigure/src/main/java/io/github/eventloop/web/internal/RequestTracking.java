package io.github.eventloop.web.internal;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;

/**
 * Tracking of requests on the event loop that they arrive on. Each request is counted
 * until it completes, fails or is cancelled by the client. The event loop is marked as
 * executing the request while its handling is subscribed to, and while a part of the
 * request body is emitted. Work that filters and handlers do later, for example when the
 * response of another server arrives, is not attributed to the request.
 * <p>
 * Decorates the {@link HttpHandler}, so that it precedes all filters and runs on the
 * event loop thread. A filter would cost more than the tracking itself, because Spring
 * adds an operator and a checkpoint for each.
 *
 * @see ExecutingRequest
 */
public final class RequestTracking implements HttpHandlerDecoratorFactory {

	@Override
	public HttpHandler apply(HttpHandler handler) {
		return (request, response) -> handle(handler, request, response);
	}

	private static Mono<Void> handle(HttpHandler handler, ServerHttpRequest request, ServerHttpResponse response) {
		if (Thread.currentThread() instanceof MonitoredThread thread) {
			return new TrackedHandling(handler, request, response, thread.recorder());
		}
		return handler.handle(request, response);
	}

}
