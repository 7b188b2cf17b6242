package io.github.eventloop.actuate.internal;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;

/**
 * Creates and encodes answers on the {@link EndpointThread}, once for all identical
 * requests for a view that many readers poll, and passes them to the loops of the
 * requests. Thread-safe.
 */
final class EndpointAnswers implements AutoCloseable {

	private final @Nullable Function<OperationResponseBody, byte[]> encoder;

	private final SharedAnswers<WebEndpointResponse<Object>> shared = new SharedAnswers<>(System::nanoTime);

	private final EndpointThread thread = new EndpointThread();

	/**
	 * Create answers.
	 * @param encoder encodes them as JSON, or {@code null} to leave that to the codecs of
	 * the application
	 */
	EndpointAnswers(@Nullable Function<OperationResponseBody, byte[]> encoder) {
		this.encoder = encoder;
	}

	/** Return whether answers are encoded. */
	boolean areEncoded() {
		return this.encoder != null;
	}

	/** Create an answer for one request. */
	Mono<WebEndpointResponse<Object>> create(Supplier<WebEndpointResponse<Object>> answer) {
		return onLoopOfRequest(encoded(answer));
	}

	/**
	 * Create an answer that identical requests share.
	 * @param request everything that the answer depends on, including what its reader is
	 * allowed to see
	 * @param answer creates the answer
	 * @return the answer
	 */
	Mono<WebEndpointResponse<Object>> share(Object request, Supplier<WebEndpointResponse<Object>> answer) {
		return onLoopOfRequest(this.shared.get(request, encoded(answer)));
	}

	private Mono<WebEndpointResponse<Object>> encoded(Supplier<WebEndpointResponse<Object>> answer) {
		return this.thread.answer(() -> encode(answer.get()));
	}

	private WebEndpointResponse<Object> encode(WebEndpointResponse<Object> response) {
		Object body = response.getBody();
		if (body instanceof OperationResponseBody json && this.encoder != null) {
			body = this.encoder.apply(json);
		}
		else if (body instanceof String text) {
			body = text.getBytes(StandardCharsets.UTF_8);
		}
		return new WebEndpointResponse<>(body, response.getStatus(), response.getContentType());
	}

	/**
	 * Only the bytes are passed back to the loop of the request, because Reactor Netty
	 * may lose the request after the next one if another thread sends a response.
	 */
	private Mono<WebEndpointResponse<Object>> onLoopOfRequest(Mono<WebEndpointResponse<Object>> answer) {
		return Mono.defer(() -> {
			Thread caller = Thread.currentThread();
			Mono<WebEndpointResponse<Object>> response = answer
				.onErrorResume(RejectedExecutionException.class, (ex) -> Mono.fromSupplier(() -> encode(
						Problem.response(503, "Too many requests for this endpoint are waiting. Try again later."))));
			return (caller instanceof MonitoredThread monitored)
					? response.flatMap((created) -> onLoop(caller, monitored.loop(), created)) : response;
		});
	}

	private static Mono<WebEndpointResponse<Object>> onLoop(Thread thread, MonitoredLoop loop,
			WebEndpointResponse<Object> response) {
		Mono<WebEndpointResponse<Object>> created = Mono.just(response);
		boolean encoded = !(response.getBody() instanceof OperationResponseBody);
		return (encoded && Thread.currentThread() != thread) ? created.publishOn(Schedulers.fromExecutor(loop::execute))
				: created;
	}

	/** Reject requests from now on. */
	@Override
	public void close() {
		this.thread.close();
	}

}
