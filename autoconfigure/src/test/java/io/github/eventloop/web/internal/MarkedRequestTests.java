package io.github.eventloop.web.internal;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.adapter.HttpWebHandlerAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import io.github.eventloop.monitor.ExecutingRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MarkedRequest} without a server.
 */
class MarkedRequestTests {

	private final RequestTracking tracking = new RequestTracking();

	private final TestLoop loop = new TestLoop();

	private final MockServerHttpRequest request = MockServerHttpRequest.get("/orders/7").build();

	@Test
	void whenThereIsNoBodyShouldPassOriginalRequest() throws Exception {
		List<ServerHttpRequest> seen = new ArrayList<>();
		this.loop.run(() -> handle(this.request, (request, response) -> {
			seen.add(request);
			return Mono.empty();
		}).subscribe());
		assertThat(seen).containsExactly(this.request);
	}

	@Test
	void whenBodyArrivesLaterShouldMarkTriggeredWork() throws Exception {
		Sinks.Many<String> body = Sinks.many().unicast().onBackpressureBuffer();
		List<@Nullable ExecutingRequest> seen = new ArrayList<>();
		MockServerHttpRequest post = MockServerHttpRequest.post("/orders")
			.header(HttpHeaders.TRANSFER_ENCODING, "chunked")
			.body(body.asFlux().map(MarkedRequestTests::buffer));
		HttpHandler handler = (request, response) -> {
			seen.add(executing());
			return request.getBody()
				.doOnNext((part) -> seen.add(executing()))
				.then(Mono.fromRunnable(() -> seen.add(executing())));
		};
		this.loop.run(() -> handle(post, handler).subscribe());
		this.loop.run(() -> {
			body.tryEmitNext("part").orThrow();
			assertThat(executing()).isNull();
		});
		this.loop.run(() -> {
			body.tryEmitComplete().orThrow();
			assertNoRequestLeft();
		});
		assertThat(seen).hasSize(3).doesNotContainNull();
		assertThat(seen).containsOnly(seen.get(0));
	}

	@Test
	void whenBodyFailsShouldMarkTriggeredWork() throws Exception {
		Sinks.Many<String> body = Sinks.many().unicast().onBackpressureBuffer();
		List<@Nullable ExecutingRequest> seen = new ArrayList<>();
		MockServerHttpRequest post = MockServerHttpRequest.post("/orders")
			.contentLength(4)
			.body(body.asFlux().map(MarkedRequestTests::buffer));
		this.loop.run(() -> handle(post, (request,
				response) -> request.getBody().then().doOnError((ex) -> seen.add(executing())).onErrorComplete())
			.subscribe());
		this.loop.run(() -> {
			body.tryEmitError(new TimeoutException()).orThrow();
			assertNoRequestLeft();
		});
		assertThat(seen).hasSize(1).doesNotContainNull();
	}

	@Test
	void whenFormArrivesLaterShouldMarkTriggeredWork() throws Exception {
		MockServerHttpRequest.BodyBuilder post = MockServerHttpRequest.post("/login")
			.contentLength(8)
			.contentType(MediaType.APPLICATION_FORM_URLENCODED);
		assertMarked(post, "user=ann", (exchange) -> exchange.getFormData()
			.doOnNext((form) -> assertThat(form.getFirst("user")).isEqualTo("ann")));
	}

	@Test
	void whenMultipartArrivesLaterShouldMarkTriggeredWork() throws Exception {
		MockServerHttpRequest.BodyBuilder post = MockServerHttpRequest.post("/upload")
			.contentLength(80)
			.contentType(MediaType.parseMediaType("multipart/form-data;boundary=b"));
		assertMarked(post, "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nann\r\n--b--\r\n",
				(exchange) -> exchange.getMultipartData()
					.doOnNext((parts) -> assertThat(parts).containsOnlyKeys("user")));
	}

	private void assertMarked(MockServerHttpRequest.BodyBuilder post, String content,
			Function<ServerWebExchange, Mono<?>> read) throws Exception {
		Sinks.Many<String> body = Sinks.many().unicast().onBackpressureBuffer();
		List<@Nullable ExecutingRequest> seen = new ArrayList<>();
		HttpHandler handler = new HttpWebHandlerAdapter(
				(exchange) -> read.apply(exchange).doOnNext((value) -> seen.add(executing())).then());
		ServerHttpRequest request = post.body(body.asFlux().map(MarkedRequestTests::buffer));
		this.loop.run(() -> handle(request, handler).subscribe());
		this.loop.run(() -> {
			body.tryEmitNext(content).orThrow();
			// The body may have been cancelled after the last boundary.
			body.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
			assertNoRequestLeft();
		});
		assertThat(seen).hasSize(1).doesNotContainNull();
	}

	@Test
	void whenBodyArrivesOnAnotherThreadShouldNotMark() throws Exception {
		List<@Nullable ExecutingRequest> seen = new ArrayList<>();
		Sinks.Many<String> body = Sinks.many().unicast().onBackpressureBuffer();
		MockServerHttpRequest post = MockServerHttpRequest.post("/orders")
			.contentLength(4)
			.body(body.asFlux().map(MarkedRequestTests::buffer));
		this.loop.run(() -> handle(post, (request,
				response) -> request.getBody().doOnNext((part) -> seen.add(this.loop.recorder().request())).then())
			.subscribe());
		body.tryEmitNext("part").orThrow();
		assertThat(seen).hasSize(1).containsOnlyNulls();
	}

	@Test
	void shouldKeepTheBody() throws Exception {
		MockServerHttpRequest post = MockServerHttpRequest.post("/orders")
			.contentLength(6)
			.body(Flux.just("one", "two").map(MarkedRequestTests::buffer));
		List<String> parts = new ArrayList<>();
		this.loop.run(() -> handle(post,
				(request, response) -> request.getBody()
					.doOnNext((part) -> parts.add(part.toString(StandardCharsets.UTF_8)))
					.then())
			.subscribe());
		assertThat(parts).containsExactly("one", "two");
	}

	@Test
	void shouldBeEqualToTheOriginalOtherwise() throws Exception {
		MockServerHttpRequest post = MockServerHttpRequest.post("https://shop.example/app/orders?page=2#top")
			.contextPath("/app")
			.header("X-Test", "1")
			.cookie(new HttpCookie("session", "7"))
			.remoteAddress(InetSocketAddress.createUnresolved("client", 1))
			.localAddress(InetSocketAddress.createUnresolved("server", 2))
			.contentLength(0)
			.build();
		List<ServerHttpRequest> seen = new ArrayList<>();
		this.loop.run(() -> handle(post, (request, response) -> {
			seen.add(request);
			return Mono.empty();
		}).subscribe());
		assertThat(seen).singleElement()
			.isNotSameAs(post)
			.usingRecursiveComparison()
			.comparingOnlyFields("method", "uri", "headers")
			.isEqualTo(post);
		ServerHttpRequest request = seen.get(0);
		assertThat(request.getPath()).isEqualTo(post.getPath());
		assertThat(request.getPath().pathWithinApplication().value()).isEqualTo("/orders");
		assertThat(request.getQueryParams()).isEqualTo(post.getQueryParams());
		assertThat(request.getCookies()).isEqualTo(post.getCookies());
		assertThat(request.getId()).isEqualTo(post.getId());
		assertThat(request.getRemoteAddress()).isSameAs(post.getRemoteAddress());
		assertThat(request.getLocalAddress()).isSameAs(post.getLocalAddress());
		assertThat(request.getSslInfo()).isSameAs(post.getSslInfo());
	}

	private Mono<Void> handle(ServerHttpRequest request, HttpHandler handler) {
		return this.tracking.apply(handler).handle(request, new MockServerHttpResponse());
	}

	private static DataBuffer buffer(String text) {
		return DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	private @Nullable ExecutingRequest executing() {
		return this.loop.recorder().request();
	}

	private void assertNoRequestLeft() {
		assertThat(executing()).isNull();
		assertThat(this.loop.recorder().inFlightRequests()).isZero();
	}

}
