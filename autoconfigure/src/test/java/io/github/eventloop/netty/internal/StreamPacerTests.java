package io.github.eventloop.netty.internal;

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

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;

import io.github.eventloop.netty.MonitoredLoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StreamPacer} with a real server on one event loop.
 */
class StreamPacerTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private static final int BURST = 2_000;

	private final MonitoredLoopResources resources = MonitoredLoopResources.builder("test")
		.selectCount(1)
		.workerCount(1)
		.build();

	private final EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

	/** Number of requests that each iteration of the loop has started. */
	private final Map<Long, AtomicInteger> iterations = new ConcurrentHashMap<>();

	private final AtomicInteger started = new AtomicInteger();

	/** The bodies of all responses. */
	private final Queue<String> responses = new ConcurrentLinkedQueue<>();

	/** Released by the client when the server may go on. */
	private final CountDownLatch sent = new CountDownLatch(1);

	private @Nullable DisposableServer server;

	@AfterEach
	void dispose() {
		this.clients.shutdownGracefully(0, 60, TimeUnit.SECONDS).syncUninterruptibly();
		if (this.server != null) {
			this.server.disposeNow(TIMEOUT);
		}
		this.resources.disposeLater(Duration.ZERO, TIMEOUT).block();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/now", "/later" })
	void whenManyStreamsOpenAtOnceShouldStartFewRequestsInOneIteration(String path) throws Exception {
		start();
		Channel connection = connect();
		List<Http2StreamChannel> streams = open(connection, BURST);
		streams.forEach((stream) -> stream.write(headers(path, true)));
		connection.flush();
		awaitResponses(BURST);
		assertThat(this.responses).containsOnly(path);
		assertThatIterationsAreShort();
	}

	@Test
	void whenStreamsHaveContentShouldReceiveIt() throws Exception {
		start();
		Channel connection = connect();
		List<Http2StreamChannel> streams = open(connection, 200);
		String content = "0123456789".repeat(2_000);
		for (Http2StreamChannel stream : streams) {
			stream.write(headers("/echo", false));
			stream.write(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(content, StandardCharsets.US_ASCII), true));
		}
		streams.forEach(Channel::flush);
		awaitResponses(200);
		assertThat(this.responses).containsOnly(content);
		assertThatIterationsAreShort();
	}

	@Test
	void whenWaitingStreamsAreResetShouldServeTheOthers() throws Exception {
		start();
		Channel connection = connect();
		List<Http2StreamChannel> streams = open(connection, 150);
		streams.get(0).writeAndFlush(headers("/wait", true)).sync();
		Awaitility.await().atMost(TIMEOUT).until(() -> this.started.get() == 1);
		for (int i = 1; i < streams.size(); i++) {
			streams.get(i).write(headers("/now", true));
		}
		connection.flush();
		// All requests but the last few wait when the resets are received.
		for (int i = 50; i < 100; i++) {
			streams.get(i).write(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
		}
		connection.flush();
		connection.eventLoop().submit(this.sent::countDown).sync();
		awaitResponses(100);
		assertThatIterationsAreShort();
	}

	@Test
	void whenConnectionClosesShouldServeOthers() throws Exception {
		start();
		Channel connection = connect();
		List<Http2StreamChannel> streams = open(connection, BURST);
		streams.get(0).writeAndFlush(headers("/wait", true)).sync();
		Awaitility.await().atMost(TIMEOUT).until(() -> this.started.get() == 1);
		streams.subList(1, BURST).forEach((stream) -> stream.write(headers("/now", true)));
		connection.flush();
		connection.close().sync();
		this.sent.countDown();
		Channel other = connect();
		Http2StreamChannel stream = open(other, 1).get(0);
		stream.writeAndFlush(headers("/other", true)).sync();
		Awaitility.await().atMost(TIMEOUT).until(() -> this.responses.contains("/other"));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenClientPoolsConnectionsShouldServeIt(boolean upgrade) {
		start(HttpProtocol.HTTP11, HttpProtocol.H2C);
		ConnectionProvider one = ConnectionProvider.create("one", 1);
		HttpClient client = HttpClient.create(one)
			.baseUrl("http://127.0.0.1:" + this.server.port())
			.protocol(upgrade ? new HttpProtocol[] { HttpProtocol.HTTP11, HttpProtocol.H2C }
					: new HttpProtocol[] { HttpProtocol.H2C });
		try {
			assertThat(Flux.range(0, 1_000)
				.flatMap((i) -> client.get().uri("/" + i).responseContent().aggregate().asString(), 90)
				.collectList()
				.block(TIMEOUT)).hasSize(1_000).doesNotHaveDuplicates();
		}
		finally {
			one.disposeLater().block(TIMEOUT);
		}
		assertThatIterationsAreShort();
	}

	private void start(HttpProtocol... protocols) {
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.protocol((protocols.length > 0) ? protocols : new HttpProtocol[] { HttpProtocol.H2C })
			.runOn(this.resources)
			.http2Settings((settings) -> settings.maxConcurrentStreams(BURST))
			.childObserve(new RequestPacing())
			.handle(this::handle)
			.bindNow(TIMEOUT);
	}

	private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
		String path = request.uri();
		this.started.incrementAndGet();
		MonitoredEventLoop loop = (MonitoredEventLoop) ((LoopThread) Thread.currentThread()).loop();
		this.iterations.computeIfAbsent(loop.recorder().iterationSince(), (iteration) -> new AtomicInteger())
			.incrementAndGet();
		return switch (path) {
			case "/later" -> response.sendString(Mono.delay(Duration.ofMillis(1)).thenReturn(path));
			case "/echo" -> response.sendString(request.receive().aggregate().asString());
			case "/wait" -> {
				awaitUninterruptibly();
				yield response.sendString(Mono.just(path));
			}
			default -> response.sendString(Mono.just(path));
		};
	}

	private void awaitUninterruptibly() {
		try {
			assertThat(this.sent.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Channel connect() throws InterruptedException {
		return new Bootstrap().group(this.clients).channel(NioSocketChannel.class).handler(new ChannelInitializer<>() {

			@Override
			protected void initChannel(Channel channel) {
				channel.pipeline()
					.addLast(Http2FrameCodecBuilder.forClient().build(),
							new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
			}

		}).connect("127.0.0.1", this.server.port()).sync().channel();
	}

	private List<Http2StreamChannel> open(Channel connection, int number) throws Exception {
		List<Http2StreamChannel> streams = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			streams.add(new Http2StreamChannelBootstrap(connection).handler(new Recorder()).open().sync().getNow());
		}
		return streams;
	}

	private static DefaultHttp2HeadersFrame headers(String path, boolean endStream) {
		return new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().method(endStream ? "GET" : "POST")
			.path(path)
			.scheme("http")
			.authority("localhost"), endStream);
	}

	private void awaitResponses(int number) {
		Awaitility.await()
			.atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(this.responses.size()).isGreaterThanOrEqualTo(number));
	}

	private void assertThatIterationsAreShort() {
		assertThat(this.iterations.values()).isNotEmpty()
			.allSatisfy((number) -> assertThat(number).hasValueLessThanOrEqualTo(IterationBudget.MAX_REQUESTS));
	}

	/** Records the body of the response of one stream. */
	private final class Recorder extends ChannelInboundHandlerAdapter {

		private final StringBuilder body = new StringBuilder();

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (message instanceof Http2DataFrame data) {
				ByteBuf content = data.content();
				this.body.append(content.toString(StandardCharsets.US_ASCII));
				if (data.isEndStream()) {
					StreamPacerTests.this.responses.add(this.body.toString());
				}
			}
			ReferenceCountUtil.release(message);
		}

	}

}
