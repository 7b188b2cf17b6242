package io.github.eventloop.web.internal;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import io.github.eventloop.monitor.internal.recorder.LoopRecorder;

/**
 * The handling of a request, whose start, end and execution are recorded for the event
 * loop. There is a single operator and a single subscriber, which also represents the
 * request, to keep the cost per request low.
 */
final class TrackedHandling extends Mono<Void> {

	private final HttpHandler handler;

	private final ServerHttpRequest request;

	private final ServerHttpResponse response;

	private final LoopRecorder recorder;

	TrackedHandling(HttpHandler handler, ServerHttpRequest request, ServerHttpResponse response,
			LoopRecorder recorder) {
		this.handler = handler;
		this.request = request;
		this.response = response;
		this.recorder = recorder;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Void> actual) {
		TrackedRequest tracked = new TrackedRequest(this.request, actual, this.recorder);
		// Before any code of the application runs, since that may block.
		this.recorder.requestStarted();
		try {
			tracked.run(() -> proceed(tracked));
		}
		catch (Throwable ex) {
			// Reactor throws fatal errors, such as a missing class, without a signal.
			tracked.end();
			throw ex;
		}
	}

	private void proceed(TrackedRequest tracked) {
		Mono<Void> handling;
		try {
			handling = this.handler.handle(MarkedRequest.of(this.request, tracked), this.response);
		}
		catch (Throwable ex) {
			Operators.error(tracked, Operators.onOperatorError(ex, tracked.currentContext()));
			return;
		}
		handling.subscribe(tracked);
	}

	/**
	 * A request from its arrival to its end. The end is recorded once, at the terminal
	 * signal of the handling or at the cancellation, either of which may be on any
	 * thread.
	 */
	private static final class TrackedRequest extends WebFluxRequest implements CoreSubscriber<Void>, Subscription {

		private static final AtomicIntegerFieldUpdater<TrackedRequest> ENDED = AtomicIntegerFieldUpdater
			.newUpdater(TrackedRequest.class, "ended");

		private final CoreSubscriber<? super Void> actual;

		private final LoopRecorder recorder;

		/** Written once, in {@code onSubscribe}, before {@code actual} sees this. */
		private @Nullable Subscription subscription;

		/** 0 or 1. Volatile, accessed through {@code ENDED} only. */
		@SuppressWarnings("unused")
		private volatile int ended;

		TrackedRequest(ServerHttpRequest request, CoreSubscriber<? super Void> actual, LoopRecorder recorder) {
			super(request);
			this.actual = actual;
			this.recorder = recorder;
		}

		void end() {
			if (ENDED.compareAndSet(this, 0, 1)) {
				this.recorder.requestEnded();
			}
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			if (Operators.validate(this.subscription, subscription)) {
				this.subscription = subscription;
				this.actual.onSubscribe(this);
			}
		}

		@Override
		public void onNext(Void nothing) {
			// A Mono<Void> emits no value.
		}

		@Override
		public void onError(Throwable failure) {
			try {
				this.actual.onError(failure);
			}
			finally {
				end();
			}
		}

		@Override
		public void onComplete() {
			try {
				this.actual.onComplete();
			}
			finally {
				end();
			}
		}

		@Override
		public void request(long n) {
			if (this.subscription != null) {
				this.subscription.request(n);
			}
		}

		@Override
		public void cancel() {
			try {
				if (this.subscription != null) {
					this.subscription.cancel();
				}
			}
			finally {
				end();
			}
		}

	}

}
