package io.github.eventloop.web.internal;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;
import org.springframework.web.server.adapter.HttpWebHandlerAdapter;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;

import io.github.eventloop.monitor.ExecutingRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RequestTracking} without a server.
 */
class RequestTrackingTests {

	private final RequestTracking tracking = new RequestTracking();

	private final TestLoop loop = new TestLoop();

	private final MockServerHttpRequest request = MockServerHttpRequest.get("/orders/7").build();

	@Test
	void shouldMarkOnlyWorkOnSubscribe() throws Exception {
		List<@Nullable ExecutingRequest> seen = new ArrayList<>();
		this.loop.run(() -> {
			Mono<Void> handling = handle(this.request, (request, response) -> {
				seen.add(executing());
				return Mono.fromRunnable(() -> seen.add(executing()));
			});
			assertThat(seen).as("before subscription").isEmpty();
			handling.subscribe();
			assertThat(executing()).isNull();
		});
		assertThat(seen).hasSize(2).doesNotContainNull();
		assertThat(seen.get(0)).isSameAs(seen.get(1));
	}

	@Test
	void whenRequestIsNestedShouldRestoreTheOuterOne() throws Exception {
		MockServerHttpRequest inner = MockServerHttpRequest.get("/").build();
		List<@Nullable ExecutingRequest> seen = new ArrayList<>();
		this.loop.run(() -> handle(this.request, (request, response) -> Mono.fromRunnable(() -> {
			seen.add(executing());
			handle(inner, (other, same) -> Mono.fromRunnable(() -> seen.add(executing()))).subscribe();
			seen.add(executing());
		})).subscribe());
		assertThat(seen).hasSize(3).doesNotContainNull();
		assertThat(seen.get(1)).isNotSameAs(seen.get(0));
		assertThat(seen.get(2)).isSameAs(seen.get(0));
	}

	@Test
	void whenSubscribedOnAnotherThreadShouldNotMark() throws Exception {
		CompletableFuture<Mono<Void>> chain = new CompletableFuture<>();
		List<@Nullable ExecutingRequest> seen = new ArrayList<>();
		this.loop.run(() -> chain
			.complete(handle(this.request, (request, response) -> Mono.fromRunnable(() -> seen.add(executing())))));
		chain.get(60, TimeUnit.SECONDS).subscribe();
		assertThat(seen).hasSize(1).containsOnlyNulls();
		assertThat(this.loop.recorder().inFlightRequests()).isZero();
	}

	@Test
	void whenNotOnEventLoopShouldNotWrapTheHandling() {
		Mono<Void> rest = Mono.empty();
		assertThat(handle(this.request, (request, response) -> rest)).isSameAs(rest);
	}

	@Test
	void whenHandlerThrowsWhileAssemblingShouldUnmarkAndSignalTheError() throws Exception {
		this.loop.run(() -> {
			List<Throwable> errors = new ArrayList<>();
			handle(this.request, (request, response) -> {
				throw new IllegalStateException("assembly");
			}).subscribe(null, errors::add);
			assertThat(errors).singleElement().asString().contains("assembly");
			assertNoRequestLeft();
		});
	}

	@Test
	void whenHandlerThrowsShouldUnmarkAndSignalTheError() throws Exception {
		this.loop.run(() -> {
			List<Throwable> errors = new ArrayList<>();
			handle(this.request, (request, response) -> Mono.fromRunnable(() -> {
				throw new IllegalStateException("handler");
			})).subscribe(null, errors::add);
			assertThat(errors).singleElement().asString().contains("handler");
			assertNoRequestLeft();
		});
	}

	@Test
	void whenHandlerThrowsFatalErrorShouldUnmarkAndEndRequest() throws Exception {
		this.loop.run(() -> {
			Mono<Void> chain = handle(this.request, (request, response) -> Mono.fromRunnable(() -> {
				throw new NoClassDefFoundError("gone");
			}));
			assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(chain::subscribe);
			assertNoRequestLeft();
		});
	}

	@Test
	void shouldCountUntilCompletion() throws Exception {
		Sinks.Empty<Void> answer = Sinks.empty();
		this.loop.run(() -> handle(this.request, (request, response) -> {
			assertThat(this.loop.recorder().inFlightRequests()).isOne();
			return answer.asMono();
		}).subscribe());
		assertThat(this.loop.recorder().request()).isNull();
		assertThat(this.loop.recorder().inFlightRequests()).isOne();
		answer.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
		assertThat(this.loop.recorder().inFlightRequests()).isZero();
	}

	@Test
	void whenCancelledShouldEndRequestOnce() throws Exception {
		TestPublisher<Void> answer = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
		CompletableFuture<Disposable> subscription = new CompletableFuture<>();
		this.loop
			.run(() -> subscription.complete(handle(this.request, (request, response) -> answer.mono()).subscribe()));
		this.loop.recorder().requestStarted();
		subscription.get(60, TimeUnit.SECONDS).dispose();
		answer.assertCancelled();
		assertThat(this.loop.recorder().inFlightRequests()).isOne();
		answer.complete();
		assertThat(this.loop.recorder().inFlightRequests()).isOne();
	}

	@Test
	void whenSubscribedTwiceShouldCountTwice() throws Exception {
		this.loop.run(() -> {
			Mono<Void> chain = handle(this.request, (request, response) -> Mono.never());
			chain.subscribe();
			chain.subscribe();
		});
		assertThat(this.loop.recorder().inFlightRequests()).isEqualTo(2);
	}

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
			.body(body.asFlux().map(RequestTrackingTests::buffer));
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
			.body(body.asFlux().map(RequestTrackingTests::buffer));
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
		Sinks.Many<String> body = Sinks.many().unicast().onBackpressureBuffer();
		List<@Nullable ExecutingRequest> seen = new ArrayList<>();
		MockServerHttpRequest post = MockServerHttpRequest.post("/login")
			.contentLength(8)
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.body(body.asFlux().map(RequestTrackingTests::buffer));
		this.loop.run(() -> handleExchange(post, (exchange) -> exchange.getFormData().doOnNext((form) -> {
			assertThat(form.getFirst("user")).isEqualTo("ann");
			seen.add(executing());
		}).then()).subscribe());
		this.loop.run(() -> {
			body.tryEmitNext("user=ann").orThrow();
			body.tryEmitComplete().orThrow();
			assertNoRequestLeft();
		});
		assertThat(seen).hasSize(1).doesNotContainNull();
	}

	@Test
	void whenMultipartArrivesLaterShouldMarkTriggeredWork() throws Exception {
		Sinks.Many<String> body = Sinks.many().unicast().onBackpressureBuffer();
		List<@Nullable ExecutingRequest> seen = new ArrayList<>();
		MockServerHttpRequest post = MockServerHttpRequest.post("/upload")
			.contentLength(80)
			.contentType(MediaType.parseMediaType("multipart/form-data;boundary=b"))
			.body(body.asFlux().map(RequestTrackingTests::buffer));
		this.loop.run(() -> handleExchange(post, (exchange) -> exchange.getMultipartData().doOnNext((parts) -> {
			assertThat(parts).containsOnlyKeys("user");
			seen.add(executing());
		}).then()).subscribe());
		this.loop.run(() -> {
			body.tryEmitNext("--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nann\r\n--b--\r\n").orThrow();
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
			.body(body.asFlux().map(RequestTrackingTests::buffer));
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
			.body(Flux.just("one", "two").map(RequestTrackingTests::buffer));
		List<String> parts = new ArrayList<>();
		this.loop.run(() -> handle(post,
				(request, response) -> request.getBody()
					.doOnNext((part) -> parts.add(part.toString(StandardCharsets.UTF_8)))
					.then())
			.subscribe());
		assertThat(parts).containsExactly("one", "two");
	}

	@Test
	void markedRequestShouldBeEqualOtherwise() throws Exception {
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

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void shouldKnowTheRouteOfTheExchange(boolean body) throws Exception {
		MockServerHttpRequest post = body ? MockServerHttpRequest.post("/orders/7").contentLength(2).body("{}")
				: MockServerHttpRequest.post("/orders/7").build();
		assertThat(routeOf(post, null)).isEqualTo("/orders/{id}");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenRequestIsForwardedShouldKnowTheRouteOfTheExchange(boolean body) throws Exception {
		MockServerHttpRequest.BodyBuilder post = MockServerHttpRequest.post("/orders/7")
			.header("X-Forwarded-Host", "shop.example")
			.header("X-Forwarded-Prefix", "/shop");
		ForwardedHeaderTransformer transformer = new TrackedForwarding(new ForwardedHeaderTransformer());
		assertThat(routeOf(body ? post.contentLength(2).body("{}") : post.build(), transformer))
			.isEqualTo("/orders/{id}");
	}

	private @Nullable String routeOf(MockServerHttpRequest request, @Nullable ForwardedHeaderTransformer transformer)
			throws Exception {
		List<@Nullable ExecutingRequest> seen = new ArrayList<>();
		HttpWebHandlerAdapter adapter = new HttpWebHandlerAdapter((exchange) -> {
			exchange.getAttributes()
				.put(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE,
						PathPatternParser.defaultInstance.parse("/orders/{id}"));
			seen.add(executing());
			return Mono.empty();
		});
		if (transformer != null) {
			adapter.setForwardedHeaderTransformer(transformer);
		}
		this.loop.run(() -> handle(request, adapter).subscribe());
		return Objects.requireNonNull(seen.get(0)).route();
	}

	@Test
	void whenApplicationTransformsAnotherRequestShouldKeepTheRoute() throws Exception {
		ForwardedHeaderTransformer transformer = new TrackedForwarding(new ForwardedHeaderTransformer());
		List<@Nullable String> routes = new ArrayList<>();
		HttpWebHandlerAdapter adapter = new HttpWebHandlerAdapter((exchange) -> {
			exchange.getAttributes()
				.put(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE,
						PathPatternParser.defaultInstance.parse("/orders/{id}"));
			transformer.apply(MockServerHttpRequest.get("/").header("X-Forwarded-Host", "shop.example").build());
			routes.add(Objects.requireNonNull(executing()).route());
			return Mono.empty();
		});
		this.loop.run(() -> handle(this.request, adapter).subscribe());
		assertThat(routes).containsExactly("/orders/{id}");
	}

	@Test
	void forwardingShouldObeyTheSettingsOfTheApplication() {
		ForwardedHeaderTransformer transformer = new ForwardedHeaderTransformer();
		ForwardedHeaderTransformer tracked = new TrackedForwarding(transformer);
		transformer.setRemoveOnly(true);
		ServerHttpRequest request = tracked
			.apply(MockServerHttpRequest.get("/").header("X-Forwarded-Host", "shop.example").build());
		assertThat(request.getHeaders().containsHeader("X-Forwarded-Host")).isFalse();
		assertThat(request.getURI().getHost()).isNotEqualTo("shop.example");
	}

	private Mono<Void> handle(ServerHttpRequest request, HttpHandler handler) {
		return this.tracking.apply(handler).handle(request, new MockServerHttpResponse());
	}

	private Mono<Void> handleExchange(ServerHttpRequest request, WebHandler handler) {
		return handle(request, new HttpWebHandlerAdapter(handler));
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
