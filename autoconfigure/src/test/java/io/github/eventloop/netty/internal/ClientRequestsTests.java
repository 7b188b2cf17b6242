package io.github.eventloop.netty.internal;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;
import io.github.eventloop.netty.MonitoredLoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClientRequests} and {@link ResponseMarker}.
 */
class ClientRequestsTests {

	private final Set<Channel> accepted = ConcurrentHashMap.newKeySet();

	/** What the loop was handling when the client was called back. */
	private final List<String> handled = new CopyOnWriteArrayList<>();

	private final LoopResources loops = MonitoredLoopResources.builder("test").workerCount(1).build();

	private final ConnectionProvider pool = ConnectionProvider.create("test", 1);

	private final DisposableServer server = HttpServer.create()
		.host("127.0.0.1")
		.port(0)
		.doOnConnection((connection) -> this.accepted.add(connection.channel()))
		.handle((request, response) -> response.sendString(Mono.just("tea")))
		.bindNow();

	private final HttpClient client = ClientRequests.attribute(HttpClient.create(this.pool).runOn(this.loops))
		.doOnConnected((connection) -> connection.channel()
			.pipeline()
			.addBefore(NettyPipeline.ReactiveBridge, null, new ClosedHandler()))
		.baseUrl("http://127.0.0.1:" + this.server.port());

	@AfterEach
	void dispose() {
		this.pool.dispose();
		this.server.disposeNow();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	@Test
	void responseShouldBelongToTheRequestOfItsSubscriber() throws Exception {
		visit("/a");
		visit("/b");
		visit(null);
		assertThat(this.accepted).hasSize(1);
		assertThat(this.handled).containsExactly("tea /a " + peer(), "tea /b " + peer(), "tea null " + peer());
	}

	@Test
	void idleConnectionShouldBelongToNoRequest() throws Exception {
		visit("/a");
		this.accepted.forEach(Channel::close);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.handled).containsExactly("tea /a " + peer(), "closed null " + peer()));
	}

	@Test
	void whenProtocolIsNotHttpPeerShouldBeKnown() {
		Connection connection = TcpClient.create()
			.runOn(this.loops)
			.host("127.0.0.1")
			.port(this.server.port())
			.connectNow();
		connection.outbound().sendString(Mono.just("GET / HTTP/1.1\r\nHost: test\r\n\r\n")).then().block();
		connection.inbound().receive().asString().doOnNext((received) -> record("received")).blockFirst();
		assertThat(this.handled).containsExactly("received null " + peer());
		connection.disposeNow();
	}

	@Test
	void whenResponseCausesAnotherCallShouldNotKeepEarlierResponses() throws Exception {
		Set<String> handled = ConcurrentHashMap.newKeySet();
		Mono<String> responses = get().doOnNext(
				(body) -> handled.add(String.valueOf(((MonitoredThread) Thread.currentThread()).recorder().request())))
			.repeat(3)
			.then(Mono.just("tea"));
		subscribe(responses, "/a").join();
		// Not a response to a response.
		assertThat(handled).hasSize(1).first().asString().containsOnlyOnce("Response[").contains("route=/a");
	}

	@Test
	void whenConnectionIsReusedAtOnceResponseShouldBelongToItsRequest() throws Exception {
		EventLoop loop = this.loops.onServer(true).next();
		List<CompletableFuture<String>> responses = loop.submit(() -> List.of(subscribed("/a"), subscribed("/b")))
			.get();
		responses.forEach(CompletableFuture::join);
		assertThat(this.accepted).hasSize(1);
		assertThat(this.handled).containsExactly("tea /a " + peer(), "tea /b " + peer());
	}

	private CompletableFuture<String> subscribed(String route) {
		LoopRecorder recorder = ((MonitoredThread) Thread.currentThread()).recorder();
		recorder.execute(new Request(route));
		CompletableFuture<String> received = get().doOnNext(this::record).toFuture();
		recorder.execute(null);
		return received;
	}

	private void visit(@Nullable String route) throws Exception {
		subscribe(get().doOnNext(this::record), route).join();
	}

	private Mono<String> get() {
		return this.client.get().uri("/").responseContent().aggregate().asString();
	}

	/** As a handler does, which does not wait for the response. */
	private CompletableFuture<String> subscribe(Mono<String> response, @Nullable String route) throws Exception {
		EventLoop loop = this.loops.onServer(true).next();
		return loop.submit(() -> {
			LoopRecorder recorder = ((MonitoredThread) Thread.currentThread()).recorder();
			recorder.execute((route != null) ? new Request(route) : null);
			CompletableFuture<String> received = response.toFuture();
			recorder.execute(null);
			return received;
		}).get();
	}

	private void record(String event) {
		MonitoredThread thread = (MonitoredThread) Thread.currentThread();
		ExecutingRequest request = thread.recorder().request();
		this.handled.add("%s %s %s".formatted(event, request.route(), request.peer()));
	}

	private String peer() {
		return "127.0.0.1:" + this.server.port();
	}

	private final class ClosedHandler extends ChannelInboundHandlerAdapter {

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			ClientRequestsTests.this.record("closed");
			context.fireChannelInactive();
		}

	}

	private record Request(String route) implements ExecutingRequest {

		@Override
		public @Nullable String traceId() {
			return null;
		}

		@Override
		public void stalled(String description) {
		}

	}

}
