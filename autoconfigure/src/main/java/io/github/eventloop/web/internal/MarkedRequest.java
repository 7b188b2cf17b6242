package io.github.eventloop.web.internal;

import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.util.MultiValueMap;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Request that marks the event loop as executing it while it emits a part of its body. A
 * handler that reads the body runs when the body arrives, long after the handling was
 * subscribed to.
 * <p>
 * Not a {@link ServerHttpRequestDecorator}, because the exchange tells its attributes
 * only to an {@link AbstractServerHttpRequest}.
 */
final class MarkedRequest extends AbstractServerHttpRequest {

	private final ServerHttpRequest original;

	private final WebFluxRequest request;

	private MarkedRequest(ServerHttpRequest original, WebFluxRequest request) {
		super(original.getMethod(), original.getURI(), original.getPath().contextPath().value(), original.getHeaders());
		this.original = original;
		this.request = request;
	}

	/**
	 * Return the request to handle.
	 * @param original the original request
	 * @param request the request to mark the event loop with
	 * @return a marked request, or the original one if it has no body
	 */
	static ServerHttpRequest of(ServerHttpRequest original, WebFluxRequest request) {
		HttpHeaders headers = original.getHeaders();
		// Netty adds Transfer-Encoding to HTTP/2 requests without a length.
		boolean body = headers.containsHeader(HttpHeaders.CONTENT_LENGTH)
				|| headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
		if (!body) {
			return original;
		}
		MarkedRequest marked = new MarkedRequest(original, request);
		request.replace(original, marked);
		return marked;
	}

	@Override
	public Flux<DataBuffer> getBody() {
		return this.original.getBody()
			.transform(Operators
				.<DataBuffer, DataBuffer>lift((source, actual) -> new MarkingSubscriber<>(actual, this.request)));
	}

	@Override
	protected String initId() {
		return this.original.getId();
	}

	@Override
	protected MultiValueMap<String, HttpCookie> initCookies() {
		return this.original.getCookies();
	}

	@Override
	protected @Nullable SslInfo initSslInfo() {
		return this.original.getSslInfo();
	}

	@Override
	public @Nullable InetSocketAddress getLocalAddress() {
		return this.original.getLocalAddress();
	}

	@Override
	public @Nullable InetSocketAddress getRemoteAddress() {
		return this.original.getRemoteAddress();
	}

	@Override
	@SuppressWarnings("TypeParameterUnusedInFormals") // as declared by Spring
	public <T> T getNativeRequest() {
		return ServerHttpRequestDecorator.getNativeRequest(this.original);
	}

	private static final class MarkingSubscriber<T> implements CoreSubscriber<T> {

		private final CoreSubscriber<? super T> actual;

		private final WebFluxRequest request;

		MarkingSubscriber(CoreSubscriber<? super T> actual, WebFluxRequest request) {
			this.actual = actual;
			this.request = request;
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			this.actual.onSubscribe(subscription);
		}

		@Override
		public void onNext(T part) {
			this.request.run(() -> this.actual.onNext(part));
		}

		@Override
		public void onError(Throwable failure) {
			this.request.run(() -> this.actual.onError(failure));
		}

		@Override
		public void onComplete() {
			this.request.run(this.actual::onComplete);
		}

	}

}
