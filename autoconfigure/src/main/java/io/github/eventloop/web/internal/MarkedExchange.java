package io.github.eventloop.web.internal;

import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.codec.multipart.Part;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Exchange that marks the event loop as executing the request while it emits a part of
 * the request body. A handler that reads the body runs when the body arrives, long after
 * the chain was subscribed to.
 */
final class MarkedExchange extends ServerWebExchangeDecorator {

	private final WebFluxRequest request;

	private final ServerHttpRequest markedRequest;

	private MarkedExchange(ServerWebExchange exchange, WebFluxRequest request) {
		super(exchange);
		this.request = request;
		this.markedRequest = new MarkedRequest(exchange.getRequest(), request);
	}

	/**
	 * Return the exchange for the rest of the chain.
	 * @param exchange the original exchange
	 * @param request the request to mark the event loop with
	 * @return a marked exchange, or the original one if its request has no body
	 */
	static ServerWebExchange of(ServerWebExchange exchange, WebFluxRequest request) {
		HttpHeaders headers = exchange.getRequest().getHeaders();
		// Netty adds Transfer-Encoding to HTTP/2 requests without a length.
		boolean body = headers.containsHeader(HttpHeaders.CONTENT_LENGTH)
				|| headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
		return body ? new MarkedExchange(exchange, request) : exchange;
	}

	@Override
	public ServerHttpRequest getRequest() {
		return this.markedRequest;
	}

	// The two methods below read the body of the original exchange.

	@Override
	public Mono<MultiValueMap<String, String>> getFormData() {
		return mark(super.getFormData());
	}

	@Override
	public Mono<MultiValueMap<String, Part>> getMultipartData() {
		return mark(super.getMultipartData());
	}

	private <T> Mono<T> mark(Mono<T> source) {
		return source
			.transform(Operators.<T, T>lift((scannable, actual) -> new MarkingSubscriber<>(actual, this.request)));
	}

	private static final class MarkedRequest extends ServerHttpRequestDecorator {

		private final WebFluxRequest request;

		MarkedRequest(ServerHttpRequest delegate, WebFluxRequest request) {
			super(delegate);
			this.request = request;
		}

		@Override
		public Flux<DataBuffer> getBody() {
			return super.getBody().transform(Operators
				.<DataBuffer, DataBuffer>lift((source, actual) -> new MarkingSubscriber<>(actual, this.request)));
		}

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
