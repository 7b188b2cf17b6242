package io.github.eventloop.benchmarks.load;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * An open-loop load: requests are sent when the {@link Plan} says, however long the
 * answers take, and their latency counts from when they were due. A client that waits for
 * an answer before it sends the next request (closed loop) sends one request into a stall
 * of a second and calls the other 99 fast: the "coordinated omission" of Gil Tene's talk
 * "How NOT to measure latency".
 * <p>
 * Each load runs on an event loop of its own, which sends, receives and counts. Right up
 * to about 1,000 requests a second on two cores; {@link LoadResult#clientLagP99Millis()}
 * tells whether the client kept up. Several loads can run side by side. Not thread-safe
 * until started.
 *
 * <pre class="code">
 * LoadResult result = Load.get("http://127.0.0.1:8080/products/1")
 * 	.connections(30)
 * 	.timeout(Duration.ofSeconds(5))
 * 	.start(Plan.steady(100, Duration.ofSeconds(60)))
 * 	.await();
 * result.total().p99Millis();
 * </pre>
 */
public final class Load {

	private final URI uri;

	private final Map<String, String> headers = new LinkedHashMap<>();

	private @Nullable String body;

	private int connections = 1000;

	private @Nullable URI prefill;

	private boolean keepAlive = true;

	private HttpProtocol protocol = HttpProtocol.HTTP11;

	private Duration timeout = Duration.ofSeconds(30);

	private @Nullable String instanceHeader;

	private Load(URI uri) {
		this.uri = uri;
	}

	/**
	 * Get a resource over and over.
	 * @param uri what to get
	 * @return a load to be told more, and started
	 */
	public static Load get(String uri) {
		return get(URI.create(uri));
	}

	/**
	 * Get a resource over and over.
	 * @param uri what to get
	 * @return a load to be told more, and started
	 */
	public static Load get(URI uri) {
		return new Load(uri);
	}

	/**
	 * Post the same JSON over and over, instead of getting the resource.
	 * @param json what to send
	 * @return this load
	 */
	public Load posting(String json) {
		this.body = json;
		return this;
	}

	/**
	 * Bound the number of connections, all of which are kept and reused. The bound is
	 * 1,000 unless set. A request that finds none free waits for one, and its latency
	 * says so.
	 * @param connections how many at most
	 * @return this load
	 */
	public Load connections(int connections) {
		if (connections < 1) {
			throw new IllegalArgumentException("'connections' must be 1 or more, but is " + connections);
		}
		this.connections = connections;
		return this;
	}

	/**
	 * Open all connections before the start, as a client's pool that has seen a busier
	 * time, and use them in turn. Without it there are only as many as are needed at
	 * once. They are opened by asking for the same resource.
	 * @return this load
	 */
	public Load prefilled() {
		this.prefill = this.uri;
		return this;
	}

	/**
	 * Open all connections before the start by asking for another resource, such as one
	 * that costs less.
	 * @param path its path and query, on the same server
	 * @return this load
	 */
	public Load prefilledBy(String path) {
		this.prefill = this.uri.resolve(path);
		return this;
	}

	/**
	 * Open a new connection for every request, as clients without a pool do.
	 * @return this load
	 */
	public Load newConnectionForEach() {
		this.keepAlive = false;
		return this;
	}

	/**
	 * Speak HTTP/2 without TLS (prior knowledge): many requests share a connection.
	 * @return this load
	 */
	public Load http2() {
		this.protocol = HttpProtocol.H2C;
		return this;
	}

	/**
	 * Set how long to wait for an answer, 30 seconds unless set. As with most clients,
	 * the connection of a request that timed out is closed.
	 * @param timeout from when the request is sent, time to get a connection included
	 * @return this load
	 */
	public Load timeout(Duration timeout) {
		this.timeout = timeout;
		return this;
	}

	/**
	 * Send a header with every request.
	 * @param name name of the header
	 * @param value its value
	 * @return this load
	 */
	public Load header(String name, String value) {
		this.headers.put(name, value);
		return this;
	}

	/**
	 * Take the instance that answered from a header.
	 * @param name name of the response header
	 * @return this load
	 */
	public Load instanceHeader(String name) {
		this.instanceHeader = name;
		return this;
	}

	/**
	 * Start it. Returns once the first request is about to be sent.
	 * @param plan when to send
	 * @return the running load
	 * @throws IllegalStateException if connections were to be opened before, and could
	 * not be
	 */
	public LoadRun start(Plan plan) {
		LoopResources loops = LoopResources.create("load", 1, true);
		Scheduler loop = Schedulers.fromExecutorService(loops.onClient(LoopResources.DEFAULT_NATIVE).next());
		ConnectionProvider provider = provider();
		HttpClient client = client(provider, loops);
		Exchange exchange = new Exchange(client, this.uri, this.body, this.timeout, loop, this.instanceHeader);
		Sender sender = new Sender(exchange, plan, loop);
		try {
			if (this.prefill != null && this.keepAlive) {
				sender.open(this.connections, new Exchange(client, this.prefill, null, this.timeout, loop, null));
			}
		}
		catch (RuntimeException ex) {
			close(provider, loops);
			throw ex;
		}
		return new LoadRun(sender, sender.start().whenComplete((result, failure) -> close(provider, loops)));
	}

	private ConnectionProvider provider() {
		if (!this.keepAlive) {
			return ConnectionProvider.newConnection();
		}
		// Waiting for a connection is bounded by the timeout of the request.
		return ConnectionProvider.builder("load")
			.maxConnections(this.connections)
			.pendingAcquireMaxCount(-1)
			.pendingAcquireTimeout(this.timeout.plusSeconds(1))
			.build();
	}

	private HttpClient client(ConnectionProvider provider, LoopResources loops) {
		// Reactor Netty would send a request again whose connection was closed before it
		// was
		// answered, and nobody would see the loss.
		return HttpClient.create(provider)
			.runOn(loops)
			.protocol(this.protocol)
			.keepAlive(this.keepAlive)
			.disableRetry(true)
			.headers((headers) -> this.headers.forEach(headers::set))
			.doOnRequest(Exchange::notePort);
	}

	private static void close(ConnectionProvider provider, LoopResources loops) {
		provider.disposeLater().then(loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1))).subscribe();
	}

}
