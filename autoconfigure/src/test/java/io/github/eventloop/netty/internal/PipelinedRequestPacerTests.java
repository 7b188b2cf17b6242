package io.github.eventloop.netty.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpContent;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.internal.PipeliningClient.Response;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PipelinedRequestPacer} with a real server on one event loop.
 */
class PipelinedRequestPacerTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	/** Netty closes a connection on which more than 128 requests wait. */
	private static final int BURST = 120;

	private final MonitoredLoopResources resources = MonitoredLoopResources.builder("test")
		.selectCount(1)
		.workerCount(1)
		.build();

	/** Number of requests that each iteration of the loop has started. */
	private final Map<Long, AtomicInteger> iterations = new ConcurrentHashMap<>();

	/** The paths of all requests, in the order in which the server started them. */
	private final Queue<String> started = new ConcurrentLinkedQueue<>();

	/** The content of all requests that has been decoded. */
	private final Queue<ByteBuf> content = new ConcurrentLinkedQueue<>();

	private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	/** Released by the client when the server may go on. */
	private final CountDownLatch sent = new CountDownLatch(1);

	private @Nullable DisposableServer server;

	@AfterEach
	void dispose() {
		if (this.server != null) {
			this.server.disposeNow(TIMEOUT);
		}
		this.resources.disposeLater(Duration.ZERO, TIMEOUT).block();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/now/", "/later/", "/elsewhere/", "/missing/" })
	void whenManyRequestsArriveAtOnceShouldStartFewInOneIteration(String prefix) throws IOException {
		start();
		try (PipeliningClient client = client()) {
			List<Response> responses = client.send(PipeliningClient.gets(prefix, BURST)).read(BURST);
			if (!prefix.equals("/missing/")) {
				assertThat(responses).extracting(Response::body).isEqualTo(paths(prefix, BURST));
			}
			assertThat(client.send(PipeliningClient.get("/now/last")).read(1)).extracting(Response::body)
				.containsExactly("/now/last");
		}
		assertThat(this.started).hasSize(BURST + 1);
		assertThatIterationsAreShort();
	}

	@Test
	void shouldServeOtherConnectionsInTheMeantime() throws IOException {
		start();
		try (PipeliningClient client = client(); PipeliningClient other = client()) {
			other.send(PipeliningClient.get("/now/other")).read(1);
			this.started.clear();
			client.send(PipeliningClient.get("/wait/") + PipeliningClient.gets("/now/", BURST));
			Awaitility.await().atMost(TIMEOUT).until(() -> this.started.contains("/wait/"));
			other.send(PipeliningClient.get("/now/other"));
			this.sent.countDown();
			client.read(BURST + 1);
			other.read(1);
		}
		assertThat(new ArrayList<>(this.started).indexOf("/now/other"))
			.isLessThanOrEqualTo(3 * IterationBudget.MAX_REQUESTS);
	}

	@Test
	void whenRequestsAreNotPipelinedShouldPassThem() throws IOException {
		start();
		try (PipeliningClient client = client()) {
			for (int i = 0; i < 200; i++) {
				assertThat(client.send(PipeliningClient.get("/now/" + i)).read(1)).extracting(Response::body)
					.containsExactly("/now/" + i);
			}
		}
	}

	@Test
	void shouldKeepTheOrderOfRequestsOfAllKinds() throws IOException {
		start();
		StringBuilder requests = new StringBuilder();
		int number = BURST;
		for (int i = 0; i < number; i += 6) {
			requests.append(PipeliningClient.get("/now/" + i))
				.append(post("/echo/", "body-" + (i + 1)))
				.append("POST /echo/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
				.append("5\r\nbody-\r\n%x\r\n%d\r\n0\r\n\r\n".formatted(String.valueOf(i + 2).length(), i + 2))
				.append("HEAD /now/" + (i + 3) + " HTTP/1.1\r\nHost: x\r\n\r\n")
				.append(post("/ignore/" + (i + 4), "unread body"))
				.append(PipeliningClient.get("/later/" + (i + 5)));
		}
		try (PipeliningClient client = client()) {
			client.send(requests.toString());
			for (int i = 0; i < number; i += 6) {
				assertThat(client.read(true).body()).isEqualTo("/now/" + i);
				assertThat(client.read(true).body()).isEqualTo("body-" + (i + 1));
				assertThat(client.read(true).body()).isEqualTo("body-" + (i + 2));
				assertThat(client.read(false).status()).isEqualTo(200);
				assertThat(client.read(true).body()).isEqualTo("/ignore/" + (i + 4));
				assertThat(client.read(true).body()).isEqualTo("/later/" + (i + 5));
			}
		}
		assertThatIterationsAreShort();
		assertThatContentIsReleased();
	}

	@Test
	void whenBodyIsLargeShouldReceiveAllOfIt() throws IOException {
		start();
		String body = "0123456789".repeat(400_000);
		try (PipeliningClient client = client()) {
			client.send(PipeliningClient.gets("/now/", 100));
			client.send(post("/size/", body) + PipeliningClient.gets("/now/", 100) + post("/size/", body));
			client.read(100);
			assertThat(client.read(true).body()).isEqualTo("4000000");
			client.read(100);
			assertThat(client.read(true).body()).isEqualTo("4000000");
		}
		assertThatContentIsReleased();
	}

	@Test
	void whenBodyIsReadSlowlyShouldKeepBackpressure() throws IOException {
		start();
		String body = "0123456789".repeat(100_000);
		try (PipeliningClient client = client()) {
			client.send(PipeliningClient.gets("/now/", 100) + post("/slowly/", body) + PipeliningClient.get("/now/1"));
			client.read(100);
			assertThat(client.read(true).body()).isEqualTo("1000000");
			assertThat(client.read(true).body()).isEqualTo("/now/1");
		}
		assertThatContentIsReleased();
	}

	@Test
	void whenResponseClosesTheConnectionShouldAnswerNothingElse() throws IOException {
		start();
		try (PipeliningClient client = client()) {
			client.send(PipeliningClient.gets("/now/", 60) + PipeliningClient.get("/close/")
					+ post("/echo/", "unanswered").repeat(60));
			client.read(60);
			assertThat(client.read(true).body()).isEqualTo("/close/");
			assertThat(client.rest()).isEmpty();
		}
		assertThat(this.started).doesNotContain("/echo/");
		assertThatContentIsReleased();
	}

	@Test
	void whenRequestClosesTheConnectionShouldAnswerNothingElse() throws IOException {
		start();
		try (PipeliningClient client = client()) {
			client.send(PipeliningClient.gets("/now/", 60)
					+ "GET /now/last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
					+ post("/echo/", "unanswered").repeat(60));
			client.read(60);
			assertThat(client.rest()).endsWith("/now/last");
		}
		assertThat(this.started).doesNotContain("/echo/");
		assertThatContentIsReleased();
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /now/last HTTP/1.0\r\n\r\n", "GET /now/last HTTP/1.0\r\nConnection: close\r\n\r\n" })
	void whenLastRequestIsHttp10ShouldAnswerAndClose(String last) throws IOException {
		start();
		try (PipeliningClient client = client()) {
			client.send(PipeliningClient.gets("/now/", 100) + last);
			client.read(100);
			assertThat(client.rest()).endsWith("/now/last");
		}
	}

	@Test
	void whenRequestIsInvalidShouldAnswerThoseBeforeIt() throws IOException {
		start();
		try (PipeliningClient client = client()) {
			client.send(PipeliningClient.gets("/now/", 100) + "GET / HTTP/1.1\r\nHost: x\r\n: invalid\r\n\r\n");
			client.read(100);
			assertThat(client.rest()).startsWith("HTTP/1.1 400 ");
		}
	}

	@Test
	void whenContinueIsExpectedShouldSendIt() throws IOException {
		start();
		try (PipeliningClient client = client()) {
			client.send(PipeliningClient.gets("/now/", 100)
					+ "POST /echo/ HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
			client.read(100);
			assertThat(client.read(false).status()).isEqualTo(100);
			client.send("body" + PipeliningClient.gets("/now/", 100));
			assertThat(client.read(true).body()).isEqualTo("body");
			assertThat(client.read(100)).extracting(Response::body).isEqualTo(paths("/now/", 100));
		}
		assertThatContentIsReleased();
	}

	/** Reactor Netty 1.3.7 may stop reading after it (reactor-netty#4361). */
	@Test
	void whenRequestArrivesBeforeTheResponseOfThePreviousOneShouldAnswerTheNext() throws IOException {
		start();
		try (PipeliningClient client = client()) {
			for (int i = 0; i < 20; i++) {
				client.send(PipeliningClient.get("/later/") + PipeliningClient.get("/now/")).read(2);
				client.send(PipeliningClient.get("/now/")).read(1);
			}
		}
	}

	@Test
	void whenClientClosesShouldReleaseContent() throws IOException {
		start();
		try (PipeliningClient client = client()) {
			client.send(PipeliningClient.get("/never/") + post("/echo/", "content").repeat(100));
			Awaitility.await().atMost(TIMEOUT).until(() -> this.content.size() >= 10);
		}
		assertThatContentIsReleased();
	}

	@Test
	void whenServerClosesShouldReleaseContent() throws IOException {
		start();
		try (PipeliningClient client = client()) {
			client.send(PipeliningClient.get("/never/") + post("/echo/", "content").repeat(100));
			Awaitility.await().atMost(TIMEOUT).until(() -> this.content.size() >= 10);
			this.connections.close().syncUninterruptibly();
			assertThatContentIsReleased();
		}
	}

	@Test
	void whenClientDoesNotReadShouldStopReadingFromIt() throws IOException {
		start();
		// So long that one read contains few of them.
		String padded = "GET /large/ HTTP/1.1\r\nHost: x\r\nPadding: " + "x".repeat(1_000) + "\r\n\r\n";
		ByteBuffer request = ByteBuffer.wrap(padded.repeat(100).getBytes(StandardCharsets.US_ASCII));
		try (SocketChannel channel = SocketChannel.open(this.server.address())) {
			channel.configureBlocking(false);
			AtomicInteger written = new AtomicInteger();
			Awaitility.await()
				.pollInterval(Duration.ofMillis(100))
				.during(Duration.ofSeconds(2))
				.atMost(TIMEOUT)
				.until(() -> write(channel, request, written) == 0);
			assertThat(written.get()).isLessThan(64 * 1024 * 1024);
			int requests = this.started.size();
			assertThat(requests * 10_000L).isLessThan(64 * 1024 * 1024);
		}
	}

	private static int write(SocketChannel channel, ByteBuffer request, AtomicInteger total) throws IOException {
		int before = total.get();
		int written;
		do {
			request.rewind();
			written = channel.write(request);
			total.addAndGet(written);
		}
		while (written == request.limit());
		return total.get() - before;
	}

	@Test
	void whenConnectionBecomesWebSocketShouldLeaveIt() throws IOException {
		start();
		try (PipeliningClient client = client()) {
			client.send(PipeliningClient.gets("/now/", 100) + """
					GET /socket HTTP/1.1\r
					Host: x\r
					Upgrade: websocket\r
					Connection: Upgrade\r
					Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
					Sec-WebSocket-Version: 13\r
					\r
					""");
			client.read(100);
			assertThat(client.read(false).status()).isEqualTo(101);
			// Text frames with a mask of 0. The responses are binary.
			client.send("\u0081\u0085\0\0\0\0hello".repeat(50));
			for (int i = 0; i < 50; i++) {
				assertThat(client.readText(7)).isEqualTo("\u0082\u0005hello");
			}
		}
	}

	@Test
	void whenServerSupportsHttp2ShouldPaceHttp11() throws IOException {
		start(HttpProtocol.HTTP11, HttpProtocol.H2C);
		try (PipeliningClient client = client()) {
			assertThat(client.send(PipeliningClient.gets("/now/", BURST)).read(BURST)).extracting(Response::body)
				.isEqualTo(paths("/now/", BURST));
		}
		assertThatIterationsAreShort();
	}

	private void start(HttpProtocol... protocols) {
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.protocol((protocols.length > 0) ? protocols : new HttpProtocol[] { HttpProtocol.HTTP11 })
			.runOn(this.resources)
			.childObserve(new RequestPacing())
			.doOnChannelInit((observer, channel, address) -> {
				this.connections.add(channel);
				if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
					channel.pipeline().addAfter(NettyPipeline.HttpCodec, "content", new ContentRecorder());
				}
			})
			.handle(this::handle)
			.bindNow(TIMEOUT);
	}

	private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
		String path = request.uri();
		MonitoredEventLoop loop = (MonitoredEventLoop) ((LoopThread) Thread.currentThread()).loop();
		this.iterations.computeIfAbsent(loop.recorder().iterationSince(), (iteration) -> new AtomicInteger())
			.incrementAndGet();
		this.started.add(path);
		return switch (firstSegment(path)) {
			case "now" -> response.sendString(Mono.just(path));
			case "ignore" -> response.sendString(Mono.just(path));
			case "later" -> response.sendString(Mono.delay(Duration.ofMillis(1)).thenReturn(path));
			case "elsewhere" -> response.sendString(Mono.just(path).publishOn(Schedulers.parallel()));
			case "echo" -> response.sendString(request.receive().aggregate().asString());
			case "size" -> response.sendString(size(request.receive().asByteArray()));
			case "slowly" -> response.sendString(size(request.receive()
				.asByteArray()
				.concatMap((part) -> Mono.delay(Duration.ofMillis(1)).thenReturn(part), 1)));
			case "large" -> response.sendString(Mono.just("0123456789".repeat(1_000)));
			case "close" -> response.keepAlive(false).sendString(Mono.just(path));
			case "never" -> Mono.never();
			case "wait" -> {
				awaitUninterruptibly();
				yield response.sendString(Mono.just(path));
			}
			case "socket" -> response.sendWebsocket((in, out) -> out.send(in.receive().retain()));
			default -> response.sendNotFound();
		};
	}

	private static String firstSegment(String path) {
		int end = path.indexOf('/', 1);
		return (end < 0) ? path.substring(1) : path.substring(1, end);
	}

	private static Mono<String> size(Flux<byte[]> parts) {
		return parts.map((part) -> part.length).reduce(0, Integer::sum).map(String::valueOf);
	}

	private void awaitUninterruptibly() {
		try {
			assertThat(this.sent.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private PipeliningClient client() throws IOException {
		return new PipeliningClient(this.server.port());
	}

	private static String post(String path, String body) {
		return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
	}

	private static List<String> paths(String prefix, int number) {
		return IntStream.range(0, number).mapToObj((i) -> prefix + i).toList();
	}

	private void assertThatIterationsAreShort() {
		assertThat(this.iterations.values()).isNotEmpty()
			.allSatisfy((number) -> assertThat(number).hasValueLessThanOrEqualTo(IterationBudget.MAX_REQUESTS));
	}

	private void assertThatContentIsReleased() {
		Awaitility.await()
			.atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(this.content.stream().map(ByteBuf::refCnt).distinct()).containsExactly(0));
	}

	/** Records the content that the codec has decoded. */
	private final class ContentRecorder extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (message instanceof HttpContent part && part.content().isReadable()) {
				PipelinedRequestPacerTests.this.content.add(part.content());
			}
			context.fireChannelRead(message);
		}

	}

}
