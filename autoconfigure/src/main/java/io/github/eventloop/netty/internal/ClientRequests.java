package io.github.eventloop.netty.internal;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.util.context.Context;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;

/**
 * Attribution of what an HTTP client receives to the request of the application that it
 * was sent for: the one that the event loop executes when the client is subscribed to.
 * Only the Reactor context of the client contains it, so that requests which call no
 * other server cost nothing.
 */
public final class ClientRequests {

	private static final Class<?> KEY = ExecutingRequest.class;

	private ClientRequests() {
	}

	/**
	 * Attribute the responses that a client receives.
	 * @param client the client
	 * @return a client with the same configuration
	 */
	public static HttpClient attribute(HttpClient client) {
		return client.mapConnect(ClientRequests::subscribed)
			.doOnRequest(ClientRequests::sent)
			.observe(ClientRequests::released);
	}

	private static Mono<? extends Connection> subscribed(Mono<? extends Connection> connect) {
		return Mono.defer(() -> {
			ExecutingRequest request = executing();
			return (request != null) ? connect.contextWrite(Context.of(KEY, request)) : connect;
		});
	}

	private static @Nullable ExecutingRequest executing() {
		return (Thread.currentThread() instanceof MonitoredThread thread) ? thread.recorder().request() : null;
	}

	private static void sent(HttpClientRequest request, Connection connection) {
		ResponseMarker.use(connection.channel(), request.currentContextView().getOrDefault(KEY, null));
	}

	/** Do not keep the request in memory while the connection is idle. */
	private static void released(Connection connection, ConnectionObserver.State state) {
		if (state == ConnectionObserver.State.RELEASED) {
			ResponseMarker.use(connection.channel(), null);
		}
	}

}
