package io.github.eventloop.web.internal;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;

import io.github.eventloop.monitor.internal.recorder.MonitoredThread;

/**
 * {@link BeanPostProcessor} that keeps track of requests which a
 * {@link ForwardedHeaderTransformer} replaces, because of headers such as
 * {@code X-Forwarded-For}, before their exchange is created.
 */
public final class ForwardedRequests implements BeanPostProcessor {

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return (bean instanceof ForwardedHeaderTransformer transformer) ? new TrackingTransformer(transformer) : bean;
	}

	private static final class TrackingTransformer extends ForwardedHeaderTransformer {

		private final ForwardedHeaderTransformer transformer;

		TrackingTransformer(ForwardedHeaderTransformer transformer) {
			this.transformer = transformer;
			super.setRemoveOnly(transformer.isRemoveOnly());
		}

		@Override
		public void setRemoveOnly(boolean removeOnly) {
			super.setRemoveOnly(removeOnly);
			this.transformer.setRemoveOnly(removeOnly);
		}

		@Override
		public ServerHttpRequest apply(ServerHttpRequest request) {
			ServerHttpRequest transformed = this.transformer.apply(request);
			if (Thread.currentThread() instanceof MonitoredThread thread
					&& thread.recorder().request() instanceof WebFluxRequest tracked) {
				tracked.continueAs(transformed);
			}
			return transformed;
		}

	}

}
