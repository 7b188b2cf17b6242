package io.github.eventloop.benchmarks.load;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.ByteBufMono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.context.Context;

/**
 * A single request and its outcome. Confined to the event loop of the load, so no state
 * is shared between threads.
 */
final class Exchange {

	private final HttpClient client;

	private final URI uri;

	private final @Nullable String body;

	private final Duration timeout;

	private final Scheduler scheduler;

	private final @Nullable String instanceHeader;

	/**
	 * Create an exchange.
	 * @param client the client that sends the request
	 * @param uri the URI to get, or to post to
	 * @param body the JSON to post, or {@code null} to get
	 * @param timeout how long to wait for the answer
	 * @param scheduler the load's loop, as a scheduler
	 * @param instanceHeader the response header that names the instance, if any
	 */
	Exchange(HttpClient client, URI uri, @Nullable String body, Duration timeout, Scheduler scheduler,
			@Nullable String instanceHeader) {
		this.client = client;
		this.uri = uri;
		this.body = body;
		this.timeout = timeout;
		this.scheduler = scheduler;
		this.instanceHeader = instanceHeader;
	}

	/**
	 * Send a request.
	 * @param startedAt when the load began, in terms of {@link System#nanoTime()}
	 * @param dueNanos when the request was due, in nanoseconds since then
	 * @return the outcome; never an error
	 */
	Mono<Sample> send(long startedAt, long dueNanos) {
		return Mono.defer(() -> {
			Attempt attempt = new Attempt(startedAt, dueNanos, System.nanoTime() - startedAt - dueNanos);
			return request()
				.response((response, content) -> content.then(Mono.fromSupplier(() -> answered(attempt, response))))
				.single()
				.timeout(this.timeout, this.scheduler)
				.onErrorResume((failure) -> Mono.just(broken(attempt, failure)))
				.contextWrite(Context.of(Attempt.class, attempt));
		});
	}

	private HttpClient.ResponseReceiver<?> request() {
		if (this.body == null) {
			return this.client.get().uri(this.uri);
		}
		return this.client.headers((headers) -> headers.set("Content-Type", "application/json"))
			.post()
			.uri(this.uri)
			.send(ByteBufMono.fromString(Mono.just(this.body)));
	}

	private Sample answered(Attempt attempt, HttpClientResponse response) {
		int status = response.status().code();
		String instance = (this.instanceHeader != null) ? response.responseHeaders().get(this.instanceHeader) : null;
		return attempt.sample(Outcome.of(status), status, instance, null);
	}

	private static Sample broken(Attempt attempt, Throwable failure) {
		Outcome outcome = (failure instanceof TimeoutException) ? Outcome.TIMED_OUT : Outcome.FAILED;
		return attempt.sample(outcome, 0, null, failure.toString());
	}

	/**
	 * Record the client port of the connection that a request was given: the only
	 * information about a request that is never answered.
	 */
	static void recordPort(HttpClientRequest request, Connection connection) {
		Attempt attempt = request.currentContextView().get(Attempt.class);
		if (connection.channel().localAddress() instanceof InetSocketAddress address) {
			attempt.clientPort = address.getPort();
		}
	}

	private static final class Attempt {

		private final long startedAt;

		private final long dueNanos;

		private final long lateNanos;

		private int clientPort;

		private Attempt(long startedAt, long dueNanos, long lateNanos) {
			this.startedAt = startedAt;
			this.dueNanos = dueNanos;
			this.lateNanos = lateNanos;
		}

		private Sample sample(Outcome outcome, int status, @Nullable String instance, @Nullable String error) {
			long latency = System.nanoTime() - this.startedAt - this.dueNanos;
			return new Sample(this.dueNanos, this.lateNanos, latency, outcome, status, this.clientPort, instance,
					error);
		}

	}

}
