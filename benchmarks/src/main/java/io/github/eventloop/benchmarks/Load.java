package io.github.eventloop.benchmarks;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.benchmarks.LoadResult.Sample;
import io.github.eventloop.benchmarks.RunningLoad.Exchange;

/**
 * An open-loop load generator: requests are sent at the times of the {@link Plan},
 * regardless of how long the answers take, and latency is measured from the time at which
 * a request was due. A client that waits for an answer before it sends the next request
 * (closed loop) sends a single request during a stall of one second and reports the other
 * 99 as fast: the "coordinated omission" of Gil Tene's talk "How NOT to measure latency".
 * <p>
 * Each load runs on its own event loop, which sends, receives and counts. Accurate up to
 * about 1,000 requests per second on two cores; {@link LoadResult#clientLagP99Millis()}
 * shows whether the client kept up. Several loads can run side by side. Not thread-safe
 * until started.
 */
public final class Load {

	/** Opening connections is not measured, and slow on a busy machine. */
	private static final Duration OPENING_TIMEOUT = Duration.ofMinutes(1);

	private final URI uri;

	private @Nullable String body;

	private int connections = 1000;

	private @Nullable URI prefill;

	private boolean keepAlive = true;

	private Duration timeout = Duration.ofSeconds(30);

	private Load(URI uri) {
		this.uri = uri;
	}

	/** Get a resource repeatedly. */
	public static Load get(String uri) {
		return new Load(URI.create(uri));
	}

	/** Post the same JSON repeatedly, instead of getting the resource. */
	Load posting(String json) {
		this.body = json;
		return this;
	}

	/**
	 * Set the maximum number of connections, 1,000 by default, all of which are kept
	 * alive and reused. A request that finds no free connection waits for one, which
	 * counts as part of its latency.
	 */
	public Load connections(int connections) {
		this.connections = connections;
		return this;
	}

	/**
	 * Open all connections before the start, like the pool of a client after a busier
	 * period, and use them in turn. Otherwise only as many are opened as are needed at
	 * the same time.
	 */
	Load prefilled() {
		this.prefill = this.uri;
		return this;
	}

	/**
	 * Open all connections before the start by requests for a cheaper resource of the
	 * same server.
	 */
	Load prefilledBy(String path) {
		this.prefill = this.uri.resolve(path);
		return this;
	}

	/** Open a new connection for every request, as clients without a pool do. */
	Load newConnectionForEach() {
		this.keepAlive = false;
		return this;
	}

	/**
	 * Set how long to wait for an answer, including the time to acquire a connection; the
	 * default is 30 seconds. As with most clients, the connection of a request that timed
	 * out is closed.
	 */
	public Load timeout(Duration timeout) {
		this.timeout = timeout;
		return this;
	}

	/**
	 * Send requests from callers that wait for the answer before they send the next
	 * request, and for some time if the request was shed or failed. Returns when they
	 * have ended.
	 */
	LoadResult byCallers(int callers, Duration duration, Duration retryAfter) {
		Client client = new Client(this);
		Exchange exchange = client.exchange(this.uri, this.body, this.timeout);
		long startedAt = System.nanoTime();
		Mono<Sample> next = Mono.defer(() -> exchange.send(startedAt, System.nanoTime() - startedAt))
			.delayUntil((sample) -> sample.isOk() ? Mono.empty() : Mono.delay(retryAfter, client.loop));
		List<Sample> samples = Flux.range(0, callers)
			.flatMap((caller) -> next.repeat(() -> System.nanoTime() - startedAt < duration.toNanos()), callers)
			.subscribeOn(client.loop)
			.collectList()
			.blockOptional()
			.orElseThrow();
		client.dispose();
		return new LoadResult(samples, (int) duration.toSeconds());
	}

	/**
	 * Start the load. Returns once the first request is about to be sent.
	 * @throws IllegalStateException if connections were to be opened in advance, and
	 * could not be
	 */
	public RunningLoad start(Plan plan) {
		Client client = new Client(this);
		RunningLoad run = new RunningLoad(client.exchange(this.uri, this.body, this.timeout), plan, client.loop);
		run.onEnd(client::dispose);
		if (this.prefill != null && this.keepAlive) {
			run.open(this.connections, client.exchange(this.prefill, null, OPENING_TIMEOUT));
		}
		run.start();
		return run;
	}

	/**
	 * A client with its own event loop and connections.
	 */
	private static final class Client {

		private final LoopResources loops = LoopResources.create("load", 1, true);

		private final Scheduler loop = Schedulers
			.fromExecutorService(this.loops.onClient(LoopResources.DEFAULT_NATIVE).next());

		private final ConnectionProvider provider;

		private final HttpClient http;

		Client(Load load) {
			// Waiting for a connection is bounded by the timeout of the request.
			this.provider = load.keepAlive ? ConnectionProvider.builder("load")
				.maxConnections(load.connections)
				.pendingAcquireMaxCount(-1)
				.pendingAcquireTimeout(load.timeout.plusSeconds(1))
				.build() : ConnectionProvider.newConnection();
			// Reactor Netty would retry a request whose connection was closed before it
			// was answered, which would hide the loss.
			this.http = HttpClient.create(this.provider)
				.runOn(this.loops)
				.keepAlive(load.keepAlive)
				.disableRetry(true)
				.doOnRequest(Exchange::recordPort);
		}

		Exchange exchange(URI uri, @Nullable String body, Duration timeout) {
			return new Exchange(this.http, uri, body, timeout, this.loop);
		}

		void dispose() {
			this.provider.disposeLater()
				.then(this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1)))
				.subscribe();
		}

	}

}
