package io.github.eventloop.netty.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.resources.ConnectionProvider;

import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.internal.ConnectionDrain.RateLimiter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionDrain} with clients that pool their connections.
 */
class ConnectionDrainTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final AtomicBoolean outOfService = new AtomicBoolean();

	private final MonitoredLoopResources resources = MonitoredLoopResources.builder("test").workerCount(1).build();

	private final ConnectionProvider pool = ConnectionProvider.create("test", 2);

	/** Open connections of the server. */
	private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	private @Nullable DisposableServer server;

	@AfterEach
	void dispose() {
		this.pool.disposeLater().block(TIMEOUT);
		if (this.server != null) {
			this.server.disposeNow(TIMEOUT);
		}
		this.resources.disposeLater(Duration.ZERO, TIMEOUT).block();
	}

	@Test
	void whenInServiceShouldKeepConnections() {
		HttpClient client = start(HttpProtocol.HTTP11);
		assertThat(ports(client, 50)).hasSizeLessThanOrEqualTo(2);
	}

	@Test
	void whenOutOfServiceShouldMakeClientReconnect() {
		HttpClient client = start(HttpProtocol.HTTP11);
		Set<String> ports = ports(client, 50);
		this.outOfService.set(true);
		// This request uses a pooled connection, which is drained.
		String port = answer(client);
		assertThat(ports).contains(port);
		this.outOfService.set(false);
		assertThat(ports(client, 50)).doesNotContain(port);
	}

	@Test
	void whenOutOfServiceShouldSendConnectionClose() {
		HttpClient client = start(HttpProtocol.HTTP11);
		this.outOfService.set(true);
		assertThat(closes(client)).isTrue();
		// The rate is limited: the next connection is kept for now.
		assertThat(closes(client)).isFalse();
	}

	@Test
	void whenConnectionBecomesWebSocketShouldKeepIt() {
		HttpClient client = start(HttpProtocol.HTTP11);
		this.outOfService.set(true);
		String received = client.websocket()
			.uri("/socket")
			.handle((in, out) -> out.sendString(Mono.just("hello")).then().thenMany(in.receive().asString().take(1)))
			.blockFirst(TIMEOUT);
		assertThat(received).isEqualTo("hello");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					GET  | HTTP/1.1 | Upgrade: websocket
					GET  | HTTP/1.1 | Upgrade: websocket; Connection: keep-alive; Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==; Sec-WebSocket-Version: 13
					GET  | HTTP/1.1 | Upgrade: websocket; Connection: Upgrade
					GET  | HTTP/1.1 | Upgrade: websocket; Connection: Upgrade; Sec-WebSocket-Version: 13
					GET  | HTTP/1.1 | Upgrade: websocket; Connection: Upgrade; Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
					GET  | HTTP/1.1 | Upgrade: websockets; Connection: Upgrade; Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==; Sec-WebSocket-Version: 13
					GET  | HTTP/1.1 | Connection: Upgrade; Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==; Sec-WebSocket-Version: 13
					HEAD | HTTP/1.1 | Upgrade: websocket; Connection: Upgrade; Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==; Sec-WebSocket-Version: 13
					GET  | HTTP/1.1 | Upgrade: h2c; Connection: Upgrade, HTTP2-Settings; HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA
					GET  | HTTP/1.1 | Upgrade: TLS/1.0; Connection: Upgrade
					""")
	void whenRequestOpensNoWebSocketShouldSendConnectionClose(String method, String version, String headers)
			throws IOException {
		start(HttpProtocol.HTTP11);
		this.outOfService.set(true);
		assertThat(head(method + " /port " + version, headers)).containsPattern("(?i)\r\nconnection: *close\r\n");
	}

	@Test
	void whenHttp10ClientKeepsConnectionAliveShouldCloseItDespiteUpgrade() throws IOException {
		start(HttpProtocol.HTTP11);
		this.outOfService.set(true);
		assertThat(head("GET /port HTTP/1.0",
				"Upgrade: websocket; Connection: keep-alive, Upgrade; Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==; "
						+ "Sec-WebSocket-Version: 13"))
			.doesNotContainPattern("(?i)\r\nconnection: *keep-alive");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Upgrade: websocket; Connection: Upgrade", "UPGRADE: WebSocket; connection: upgrade",
			"Upgrade: websocket; Connection: keep-alive, Upgrade",
			"Upgrade: websocket; Connection: keep-alive; Connection: Upgrade" })
	void whenRequestOpensWebSocketShouldNotSendConnectionClose(String headers) throws IOException {
		start(HttpProtocol.HTTP11);
		this.outOfService.set(true);
		assertThat(head("GET /socket HTTP/1.1",
				headers + "; Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==; Sec-WebSocket-Version: 13"))
			.startsWith("HTTP/1.1 101")
			.doesNotContainPattern("(?i)\r\nconnection: *close");
	}

	/** Send a raw request and return the head of its response. */
	private String head(String requestLine, String headers) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port())) {
			socket.setSoTimeout((int) TIMEOUT.toMillis());
			socket.getOutputStream()
				.write((requestLine + "\r\nHost: localhost\r\n" + headers.replaceAll("; (?=[A-Za-z])", "\r\n")
						+ "\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			StringBuilder head = new StringBuilder();
			while (head.indexOf("\r\n\r\n") < 0) {
				int next = socket.getInputStream().read();
				assertThat(next).isNotNegative();
				head.append((char) next);
			}
			return head.toString();
		}
	}

	@Test
	void whenClientOffersHttp2WithEachRequestShouldSendConnectionClose() throws Exception {
		start(HttpProtocol.HTTP11);
		this.outOfService.set(true);
		// The client of the JDK does so by default.
		java.net.http.HttpResponse<String> response = java.net.http.HttpClient.newHttpClient()
			.send(java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.server.port() + "/port"))
				.build(), BodyHandlers.ofString());
		assertThat(response.headers().firstValue("connection")).hasValue("close");
	}

	@Test
	void whenHttp2StreamIsLongShouldSendGoAwayAfterAnotherStream() {
		HttpClient client = start(HttpProtocol.H2C, ConnectionProvider.create("many", 10));
		this.outOfService.set(true);
		// The first request of the connection takes long.
		Disposable slow = request(client, "/slow/60000").subscribe();
		String port = answer(client);
		Awaitility.await().atMost(TIMEOUT).until(() -> !port.equals(answer(client)));
		slow.dispose();
	}

	@Test
	void whenOutOfServiceShouldSendGoAwayWithoutLosingStreams() {
		HttpClient client = start(HttpProtocol.H2C);
		Set<String> ports = ports(client, 20);
		this.outOfService.set(true);
		// All responses but the first are pending when the frame is received.
		List<String> portsMeanwhile = Flux.range(0, 10)
			.flatMap((i) -> request(client, "/slow/" + 50 * i), 10)
			.collectList()
			.block(TIMEOUT);
		assertThat(portsMeanwhile).hasSize(10);
		this.outOfService.set(false);
		Set<String> portsAfterwards = ports(client, 20);
		// The client may have opened another connection for some of the ten requests.
		ports.addAll(portsMeanwhile);
		assertThat(ports).anyMatch((port) -> !portsAfterwards.contains(port));
		Awaitility.await().atMost(TIMEOUT).until(() -> this.connections.size() <= portsAfterwards.size());
	}

	@Test
	void whenHttp2ConnectionIsUnusedShouldSendLastStreamIdAndClose() throws Exception {
		start(HttpProtocol.H2C);
		this.outOfService.set(true);
		List<Integer> lastStreams = new CopyOnWriteArrayList<>();
		Channel connection = connect(lastStreams);
		Http2StreamChannel stream = new Http2StreamChannelBootstrap(connection)
			.handler(new ChannelInboundHandlerAdapter())
			.open()
			.sync()
			.getNow();
		stream
			.writeAndFlush(new DefaultHttp2HeadersFrame(
					new DefaultHttp2Headers().method("GET").path("/port").scheme("http").authority("localhost"), true))
			.sync();
		assertThat(connection.closeFuture().await(TIMEOUT.toMillis())).isTrue();
		assertThat(lastStreams).containsExactly(Integer.MAX_VALUE, stream.stream().id());
	}

	private Channel connect(List<Integer> lastStreams) throws InterruptedException {
		return new Bootstrap().group(this.resources.onClient(false))
			.channel(NioSocketChannel.class)
			.handler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline()
						.addLast(Http2FrameCodecBuilder.forClient().build(),
								new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
								new GoAwayRecorder(lastStreams));
				}

			})
			.connect("127.0.0.1", this.server.port())
			.sync()
			.channel();
	}

	@Test
	void rateShouldBeTenPerSecond() {
		assertThat(drained(40)).hasSize(40).first().isEqualTo(0L);
		assertThat(drained(40)).last().isEqualTo(3_900L);
	}

	@Test
	void whenThereAreManyConnectionsShouldDrainAllInTenSeconds() {
		List<Long> drained = drained(1_000);
		assertThat(drained).hasSize(1_000).last().isEqualTo(9_990L);
		assertThat(drained.get(500)).isEqualTo(5_000);
	}

	@Test
	void whenInServiceShouldDrainAFifthPerSecond() {
		RateLimiter rateLimiter = new RateLimiter();
		assertThat(rateLimiter.tryAcquire(0, 4, false)).isTrue();
		assertThat(rateLimiter.tryAcquire(TimeUnit.MILLISECONDS.toNanos(1249), 4, false)).isFalse();
		assertThat(rateLimiter.tryAcquire(TimeUnit.MILLISECONDS.toNanos(1250), 4, false)).isTrue();
	}

	@Test
	void whenOutOfServiceAgainRateLimiterShouldStartOver() {
		RateLimiter rateLimiter = new RateLimiter();
		for (int millis = 0; millis < 1_000; millis++) {
			rateLimiter.tryAcquire(TimeUnit.MILLISECONDS.toNanos(millis), 1_000, true);
		}
		// With the thousand connections of the first time, the interval would be 10 ms.
		long again = TimeUnit.SECONDS.toNanos(20);
		assertThat(rateLimiter.tryAcquire(again, 1, true)).isTrue();
		assertThat(rateLimiter.tryAcquire(again + TimeUnit.MILLISECONDS.toNanos(99), 1, true)).isFalse();
		assertThat(rateLimiter.tryAcquire(again + TimeUnit.MILLISECONDS.toNanos(100), 1, true)).isTrue();
	}

	/**
	 * Return when connections are drained, in milliseconds, if there is a request at any
	 * time.
	 */
	private static List<Long> drained(int connections) {
		RateLimiter rateLimiter = new RateLimiter();
		List<Long> drained = new ArrayList<>();
		for (long millis = 0; millis < 20_000 && drained.size() < connections; millis++) {
			if (rateLimiter.tryAcquire(TimeUnit.MILLISECONDS.toNanos(millis), connections - drained.size(), true)) {
				drained.add(millis);
			}
		}
		return drained;
	}

	private HttpClient start(HttpProtocol protocol) {
		return start(protocol, this.pool);
	}

	private HttpClient start(HttpProtocol protocol, ConnectionProvider pool) {
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.protocol(protocol)
			.runOn(this.resources)
			.doOnChannelInit((observer, channel, address) -> this.connections.add(channel))
			.childObserve(new ConnectionDrain(this.outOfService::get, this.outOfService::get))
			.route((routes) -> routes.get("/port", (request, response) -> response.sendString(Mono.just(port(request))))
				.get("/slow/{millis}",
						(request, response) -> response
							.sendString(Mono.delay(Duration.ofMillis(Long.parseLong(request.param("millis"))))
								.thenReturn(port(request))))
				.ws("/socket", (in, out) -> out.send(in.receive().retain())))
			.bindNow(TIMEOUT);
		return HttpClient.create(pool).host("127.0.0.1").port(this.server.port()).protocol(protocol).disableRetry(true);
	}

	private static String port(HttpServerRequest request) {
		return String.valueOf(request.remoteAddress().getPort());
	}

	private static Mono<String> request(HttpClient client, String path) {
		return client.get().uri(path).responseContent().aggregate().asString();
	}

	private static String answer(HttpClient client) {
		return request(client, "/port").block(TIMEOUT);
	}

	private static Set<String> ports(HttpClient client, int requests) {
		return new HashSet<>(Collections.unmodifiableList(
				Flux.range(0, requests).concatMap((i) -> request(client, "/port")).collectList().block(TIMEOUT)));
	}

	private static boolean closes(HttpClient client) {
		return client.get()
			.uri("/port")
			.response()
			.map((response) -> response.responseHeaders().containsValue(HttpHeaderNames.CONNECTION, "close", true))
			.block(TIMEOUT);
	}

	/** Records the last stream ids of GOAWAY frames. */
	private static final class GoAwayRecorder extends SimpleChannelInboundHandler<Http2GoAwayFrame> {

		private final List<Integer> lastStreams;

		GoAwayRecorder(List<Integer> lastStreams) {
			this.lastStreams = lastStreams;
		}

		@Override
		protected void channelRead0(ChannelHandlerContext context, Http2GoAwayFrame frame) {
			this.lastStreams.add(frame.lastStreamId());
		}

	}

}
