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
	 * Get a resource repeatedly.
	 * @param uri the URI of the resource
	 * @return a load to configure and start
	 */
	public static Load get(String uri) {
		return get(URI.create(uri));
	}

	/**
	 * Get a resource repeatedly.
	 * @param uri the URI of the resource
	 * @return a load to configure and start
	 */
	public static Load get(URI uri) {
		return new Load(uri);
	}

	/**
	 * Post the same JSON repeatedly, instead of getting the resource.
	 * @param json the body of each request
	 * @return this load
	 */
	public Load posting(String json) {
		this.body = json;
		return this;
	}

	/**
	 * Set the maximum number of connections, all of which are kept alive and reused. The
	 * default is 1,000. A request that finds no free connection waits for one, which
	 * counts as part of its latency.
	 * @param connections the maximum number
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
	 * Open all connections before the start, like the pool of a client after a busier
	 * period, and use them in turn. Otherwise only as many are opened as are needed at
	 * the same time. They are opened by requests for the same resource.
	 * @return this load
	 */
	public Load prefilled() {
		this.prefill = this.uri;
		return this;
	}

	/**
	 * Open all connections before the start by requests for another resource, such as a
	 * cheaper one.
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
	 * Use HTTP/2 without TLS (prior knowledge): many requests share a connection.
	 * @return this load
	 */
	public Load http2() {
		this.protocol = HttpProtocol.H2C;
		return this;
	}

	/**
	 * Set how long to wait for an answer; the default is 30 seconds. As with most
	 * clients, the connection of a request that timed out is closed.
	 * @param timeout the time from sending the request, including the time to acquire a
	 * connection
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
	 * Set the response header that names the instance which answered.
	 * @param name name of the response header
	 * @return this load
	 */
	public Load instanceHeader(String name) {
		this.instanceHeader = name;
		return this;
	}

	/**
	 * Start the load. Returns once the first request is about to be sent.
	 * @param plan when to send requests
	 * @return the running load
	 * @throws IllegalStateException if connections were to be opened in advance, and
	 * could not be
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
		// Reactor Netty would retry a request whose connection was closed before it was
		// answered, which would hide the loss.
		return HttpClient.create(provider)
			.runOn(loops)
			.protocol(this.protocol)
			.keepAlive(this.keepAlive)
			.disableRetry(true)
			.headers((headers) -> this.headers.forEach(headers::set))
			.doOnRequest(Exchange::recordPort);
	}

	private static void close(ConnectionProvider provider, LoopResources loops) {
		provider.disposeLater().then(loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1))).subscribe();
	}

}
