package io.github.eventloop.web.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;
import org.springframework.web.server.adapter.HttpWebHandlerAdapter;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;

import io.github.eventloop.monitor.ExecutingRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RequestTracking} and {@link TrackedForwarding} without a server.
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

	private @Nullable ExecutingRequest executing() {
		return this.loop.recorder().request();
	}

	private void assertNoRequestLeft() {
		assertThat(executing()).isNull();
		assertThat(this.loop.recorder().inFlightRequests()).isZero();
	}

}
