package io.github.eventloop.netty;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.channel.Channel;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;
import io.github.eventloop.netty.internal.ClientRequests;
import io.github.eventloop.netty.internal.ConnectionDrain;
import io.github.eventloop.netty.internal.RequestPacing;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MonitoredLoopResources} with a server and clients of HTTP/3.
 */
class Http3LoopResourcesTests {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private final MonitoredLoopResources loops = MonitoredLoopResources.builder("test").workerCount(2).build();

	private final LoopResources others = LoopResources.create("other", 1, true);

	private final List<ConnectionProvider> pools = new ArrayList<>();

	/** Connections of the server that have served a request. */
	private final Set<Channel> connections = ConcurrentHashMap.newKeySet();

	private final List<@Nullable String> peers = new CopyOnWriteArrayList<>();

	private @Nullable DisposableServer server;

	@TempDir
	private Path directory;

	@BeforeAll
	static void requireQuic() {
		Http3.require();
	}

	@AfterEach
	void dispose() {
		this.pools.forEach(ConnectionProvider::dispose);
		if (this.server != null) {
			this.server.disposeNow();
		}
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
		this.others.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	@Test
	void whenServingShouldHaveTheRoleOfAServerAndCountConnections() {
		start(this.loops);
		assertThat(started()).singleElement().satisfies((loop) -> {
			assertThat(loop.roles()).isEmpty();
			assertThat(loop.channels()).as("socket").isOne();
			assertThat(loop.listeningPorts()).as("of TCP").isEmpty();
		});
		for (int i = 0; i < 3; i++) {
			HttpClient client = client(this.others);
			get(client);
			get(client);
		}
		assertThat(this.connections).hasSize(3);
		assertThat(started()).singleElement().satisfies((loop) -> {
			assertThat(loop.roles()).containsExactly(LoopRole.SERVER);
			assertThat(loop.channels()).as("socket and connections").isEqualTo(4);
		});
		this.connections.forEach(Channel::close);
		Awaitility.await()
			.atMost(LIMIT)
			.untilAsserted(() -> assertThat(started()).extracting(MonitoredLoop::channels).containsExactly(1));
	}

	@Test
	void clientShouldHaveTheRoleOfAClientAndTheAddressOfItsPeer() {
		start(this.others);
		get(client(this.loops));
		assertThat(started()).isNotEmpty().flatMap(MonitoredLoop::roles).containsExactly(LoopRole.CLIENT);
		assertThat(started()).extracting(MonitoredLoop::channels).contains(2);
		assertThat(this.peers).containsExactly("127.0.0.1:" + this.server.port());
	}

	/** HTTP/3 has no header that closes a connection. */
	@Test
	void whenConnectionsAreDrainedAndPacedShouldServeThemAsBefore() {
		start(this.loops, new ConnectionDrain(() -> true, () -> true));
		HttpClient client = client(this.others);
		Set<String> headers = new HashSet<>();
		for (int i = 0; i < 20; i++) {
			headers.addAll(get(client));
		}
		assertThat(this.connections).hasSize(1);
		assertThat(headers).contains("x-http3-stream-id").doesNotContain("connection");
	}

	/** There is one socket, and the acceptor reads from it. */
	@Test
	void whenAcceptorIsDedicatedShouldServeOnIt() {
		MonitoredLoopResources dedicated = MonitoredLoopResources.builder("own")
			.workerCount(1)
			.dedicatedAcceptor()
			.build();
		start(dedicated);
		get(client(this.others));
		assertThat(dedicated.loops()).filteredOn((loop) -> loop.roles().contains(LoopRole.SERVER))
			.extracting(MonitoredLoop::name)
			.singleElement()
			.asString()
			.startsWith("own-select-");
		this.server.disposeNow();
		dedicated.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	private List<MonitoredLoop> started() {
		return this.loops.loops().stream().filter((loop) -> loop.view().thread() != null).toList();
	}

	private void start(LoopResources loops) {
		start(loops, new ConnectionDrain(() -> false, () -> false));
	}

	private void start(LoopResources loops, ConnectionDrain drain) {
		this.server = Http3.serve(HttpServer.create().runOn(loops).host("127.0.0.1").port(0), this.directory)
			.childObserve(drain.then(new RequestPacing()))
			.doOnConnection((stream) -> this.connections.add(stream.channel().parent()))
			.handle((request, response) -> response.sendString(Mono.just("tea")))
			.bindNow();
	}

	private HttpClient client(LoopResources loops) {
		ConnectionProvider pool = ConnectionProvider.create("test", 1);
		this.pools.add(pool);
		return Http3.connect(ClientRequests.attribute(HttpClient.create(pool).runOn(loops)), this.server.port());
	}

	/** Return the names of the headers of a response. */
	private Set<String> get(HttpClient client) {
		return client.get().uri("/").responseSingle((response, body) -> {
			if (Thread.currentThread() instanceof MonitoredThread thread) {
				ExecutingRequest executing = thread.recorder().request();
				this.peers.add((executing != null) ? executing.peer() : "none");
			}
			return body.asString().map((text) -> response.responseHeaders().names());
		}).block(LIMIT);
	}

}
