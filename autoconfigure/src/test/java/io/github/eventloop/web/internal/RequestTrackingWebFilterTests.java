package io.github.eventloop.web.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;

import io.github.eventloop.monitor.ExecutingRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RequestTrackingWebFilter} without a server.
 */
class RequestTrackingWebFilterTests {

	private final RequestTrackingWebFilter filter = new RequestTrackingWebFilter();

	private final TestLoop loop = new TestLoop();

	private final MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/orders/7"));

	@Test
	void shouldHaveHighestPrecedence() {
		assertThat(this.filter.getOrder()).isEqualTo(Ordered.HIGHEST_PRECEDENCE);
	}

	@Test
	void nameShouldBeConstant() {
		assertThat(this.filter.toString()).isEqualTo("RequestTrackingWebFilter").isSameAs(this.filter.toString());
	}

	@Test
	void shouldMarkOnlyWorkOnSubscribe() throws Exception {
		List<@Nullable ExecutingRequest> seen = new ArrayList<>();
		this.loop.run(() -> {
			Mono<Void> chain = this.filter.filter(this.exchange, (exchange) -> {
				seen.add(executing());
				return Mono.fromRunnable(() -> seen.add(executing()));
			});
			assertThat(seen).as("before subscription").isEmpty();
			chain.subscribe();
			assertThat(executing()).isNull();
		});
		assertThat(seen).hasSize(2).doesNotContainNull();
		assertThat(seen.get(0)).isSameAs(seen.get(1));
	}

	@Test
	void whenRequestIsNestedShouldRestoreTheOuterOne() throws Exception {
		MockServerWebExchange inner = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
		List<@Nullable ExecutingRequest> seen = new ArrayList<>();
		this.loop.run(() -> this.filter.filter(this.exchange, (exchange) -> Mono.fromRunnable(() -> {
			seen.add(executing());
			this.filter.filter(inner, (other) -> Mono.fromRunnable(() -> seen.add(executing()))).subscribe();
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
			.complete(this.filter.filter(this.exchange, (exchange) -> Mono.fromRunnable(() -> seen.add(executing())))));
		chain.get(60, TimeUnit.SECONDS).subscribe();
		assertThat(seen).hasSize(1).containsOnlyNulls();
		assertThat(this.loop.recorder().inFlightRequests()).isZero();
	}

	@Test
	void whenNotOnEventLoopShouldNotWrapTheChain() {
		Mono<Void> rest = Mono.empty();
		assertThat(this.filter.filter(this.exchange, (exchange) -> rest)).isSameAs(rest);
	}

	@Test
	void whenChainThrowsShouldUnmarkAndSignalTheError() throws Exception {
		this.loop.run(() -> {
			List<Throwable> errors = new ArrayList<>();
			this.filter.filter(this.exchange, (exchange) -> {
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
			this.filter.filter(this.exchange, (exchange) -> Mono.fromRunnable(() -> {
				throw new IllegalStateException("handler");
			})).subscribe(null, errors::add);
			assertThat(errors).singleElement().asString().contains("handler");
			assertNoRequestLeft();
		});
	}

	@Test
	void whenHandlerThrowsFatalErrorShouldUnmarkAndEndRequest() throws Exception {
		this.loop.run(() -> {
			Mono<Void> chain = this.filter.filter(this.exchange, (exchange) -> Mono.fromRunnable(() -> {
				throw new NoClassDefFoundError("gone");
			}));
			assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(chain::subscribe);
			assertNoRequestLeft();
		});
	}

	@Test
	void shouldCountUntilCompletion() throws Exception {
		Sinks.Empty<Void> answer = Sinks.empty();
		this.loop.run(() -> this.filter.filter(this.exchange, (exchange) -> {
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
		this.loop.run(() -> subscription
			.complete(this.filter.filter(this.exchange, (exchange) -> answer.mono()).subscribe()));
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
			Mono<Void> chain = this.filter.filter(this.exchange, (exchange) -> Mono.never());
			chain.subscribe();
			chain.subscribe();
		});
		assertThat(this.loop.recorder().inFlightRequests()).isEqualTo(2);
	}

	@Test
	void whenThereIsNoBodyShouldPassOriginalExchange() throws Exception {
		List<ServerWebExchange> seen = new ArrayList<>();
		this.loop.run(() -> this.filter.filter(this.exchange, (exchange) -> {
			seen.add(exchange);
			return Mono.empty();
		}).subscribe());
		assertThat(seen).containsExactly(this.exchange);
	}

	@Test
	void whenBodyArrivesLaterShouldMarkTriggeredWork() throws Exception {
		Sinks.Many<String> body = Sinks.many().unicast().onBackpressureBuffer();
		List<@Nullable ExecutingRequest> seen = new ArrayList<>();
		MockServerWebExchange post = MockServerWebExchange.from(MockServerHttpRequest.post("/orders")
			.header(HttpHeaders.TRANSFER_ENCODING, "chunked")
			.body(body.asFlux().map(RequestTrackingWebFilterTests::buffer)));
		WebFilterChain rest = (exchange) -> {
			seen.add(executing());
			return exchange.getRequest()
				.getBody()
				.doOnNext((part) -> seen.add(executing()))
				.then(Mono.fromRunnable(() -> seen.add(executing())));
		};
		this.loop.run(() -> this.filter.filter(post, rest).subscribe());
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
		MockServerWebExchange post = MockServerWebExchange.from(MockServerHttpRequest.post("/orders")
			.contentLength(4)
			.body(body.asFlux().map(RequestTrackingWebFilterTests::buffer)));
		this.loop.run(
				() -> this.filter
					.filter(post,
							(exchange) -> exchange.getRequest()
								.getBody()
								.then()
								.doOnError((ex) -> seen.add(executing()))
								.onErrorComplete())
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
		MockServerWebExchange post = MockServerWebExchange.from(MockServerHttpRequest.post("/login")
			.contentLength(8)
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.body(body.asFlux().map(RequestTrackingWebFilterTests::buffer)));
		this.loop.run(() -> this.filter.filter(post, (exchange) -> exchange.getFormData().doOnNext((form) -> {
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
		MockServerWebExchange post = MockServerWebExchange.from(MockServerHttpRequest.post("/upload")
			.contentLength(80)
			.contentType(MediaType.parseMediaType("multipart/form-data;boundary=b"))
			.body(body.asFlux().map(RequestTrackingWebFilterTests::buffer)));
		this.loop.run(() -> this.filter.filter(post, (exchange) -> exchange.getMultipartData().doOnNext((parts) -> {
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
		MockServerWebExchange post = MockServerWebExchange.from(MockServerHttpRequest.post("/orders")
			.contentLength(4)
			.body(body.asFlux().map(RequestTrackingWebFilterTests::buffer)));
		this.loop.run(
				() -> this.filter
					.filter(post,
							(exchange) -> exchange.getRequest()
								.getBody()
								.doOnNext((part) -> seen.add(this.loop.recorder().request()))
								.then())
					.subscribe());
		body.tryEmitNext("part").orThrow();
		assertThat(seen).hasSize(1).containsOnlyNulls();
	}

	@Test
	void shouldKeepTheBody() throws Exception {
		MockServerWebExchange post = MockServerWebExchange.from(MockServerHttpRequest.post("/orders")
			.contentLength(6)
			.body(Flux.just("one", "two").map(RequestTrackingWebFilterTests::buffer)));
		List<String> parts = new ArrayList<>();
		this.loop.run(
				() -> this.filter
					.filter(post,
							(exchange) -> exchange.getRequest()
								.getBody()
								.doOnNext((part) -> parts.add(part.toString(StandardCharsets.UTF_8)))
								.then())
					.subscribe());
		assertThat(parts).containsExactly("one", "two");
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
