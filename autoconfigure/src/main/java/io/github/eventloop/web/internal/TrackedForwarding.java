package io.github.eventloop.web.internal;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;

import io.github.eventloop.monitor.internal.recorder.MonitoredThread;

/**
 * {@link ForwardedHeaderTransformer} that keeps track of requests which another one
 * replaces, because of headers such as {@code X-Forwarded-For}, before their exchange is
 * created.
 */
public final class TrackedForwarding extends ForwardedHeaderTransformer {

	private final ForwardedHeaderTransformer transformer;

	/**
	 * Create a transformer.
	 * @param transformer the transformer of the application, whose settings apply
	 */
	public TrackedForwarding(ForwardedHeaderTransformer transformer) {
		this.transformer = transformer;
	}

	@Override
	public ServerHttpRequest apply(ServerHttpRequest request) {
		ServerHttpRequest transformed = this.transformer.apply(request);
		if (Thread.currentThread() instanceof MonitoredThread thread
				&& thread.recorder().request() instanceof WebFluxRequest tracked) {
			tracked.replace(request, transformed);
		}
		return transformed;
	}

}
