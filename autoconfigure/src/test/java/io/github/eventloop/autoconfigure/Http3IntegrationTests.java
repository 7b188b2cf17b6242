package io.github.eventloop.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.netty.Http3;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.SheddingPolicy;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallDetector;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application that is served over HTTP/3.
 */
class Http3IntegrationTests {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	/** Completes the requests that are held. */
	private static final Sinks.One<String> RELEASE = Sinks.one();

	/** Whether all requests of normal priority are shed. */
	private static volatile boolean shedding;

	@TempDir
	private static Path directory;

	private static ConfigurableApplicationContext context;

	private static LoopResources clientLoops;

	private static ConnectionProvider pool;

	private static HttpClient client;

	@BeforeAll
	static void start() {
		Http3.require();
		context = BlockableApplication.run(List.of(Http3Configuration.class), "eventloop.shedding.enabled=true",
				"management.endpoint.eventloop.show-details=always");
		clientLoops = LoopResources.create("visitor", 1, true);
		pool = ConnectionProvider.create("visitor", 1);
		client = Http3.connect(HttpClient.create(pool).runOn(clientLoops),
				context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

	@AfterAll
	static void stop() {
		if (context != null) {
			pool.dispose();
			clientLoops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
			context.close();
		}
	}

	@Test
	void endpointShouldAnswerAndShowTheLoopAsOneOfAServer() {
		JsonNode loop = JsonMapper.shared().readTree(body("/actuator/eventloop/loops/" + body("/loop")));
		assertThat(loop.get("roles").valueStream()).extracting(JsonNode::asString).containsExactly("SERVER");
		assertThat(loop.get("channels").asInt()).as("socket and connection").isEqualTo(2);
		assertThat(loop.get("inFlightRequests").asInt()).as("including this one").isOne();
		assertThat(loop.has("connectionsWaiting")).isFalse();
	}

	@Test
	void whenLoopIsBlockedShouldReportTheLineAndTheRoute() {
		String loop = body("/block/600");
		Awaitility.await()
			.atMost(LIMIT)
			.untilAsserted(() -> assertThat(context.getBean(StallDetector.class).stalls()).anySatisfy((stall) -> {
				assertThat(stall.loop()).isEqualTo(loop);
				assertThat(stall.cause()).isEqualTo(StallCause.SLEEPING);
				assertThat(stall.code().culprit()).asString().contains("BlockableApplication.block (lambda)");
				assertThat(stall.requests().route()).isEqualTo("/block/{millis}");
				assertThat(stall.duration()).isGreaterThanOrEqualTo(Duration.ofMillis(600));
			}));
		assertThat(snapshot(loop).lag().maxNanos()).isGreaterThan(Duration.ofMillis(300).toNanos());
	}

	@Test
	void requestsInFlightShouldBeCounted() throws Exception {
		String loop = body("/loop");
		CompletableFuture<String> first = send("/hold").toFuture();
		CompletableFuture<String> second = send("/hold").toFuture();
		Awaitility.await().atMost(LIMIT).until(() -> snapshot(loop).load().inFlightRequests() == 2);
		assertThat(snapshot(loop).load().channels()).as("streams are not connections").isEqualTo(2);
		RELEASE.tryEmitValue("released");
		assertThat(first.get()).isEqualTo("released");
		assertThat(second.get()).isEqualTo("released");
		Awaitility.await().atMost(LIMIT).until(() -> snapshot(loop).load().inFlightRequests() == 0);
		assertThat(snapshot(loop).roles()).doesNotContain(LoopRole.CLIENT, LoopRole.ACCEPTOR);
	}

	@Test
	void whenSheddingShouldAnswer503WithRetryAfter() {
		shedding = true;
		try {
			assertThat(client.get()
				.uri("/loop")
				.responseSingle((response, body) -> Mono
					.just(response.status().code() + " " + response.responseHeaders().get("Retry-After")))
				.block(LIMIT)).isEqualTo("503 2");
		}
		finally {
			shedding = false;
		}
		assertThat(body("/loop")).isNotEmpty();
	}

	private static LoopSnapshot snapshot(String loop) {
		return context.getBean(EventLoopMonitor.class).snapshot().loop(loop).orElseThrow();
	}

	private static String body(String path) {
		return send(path).block(LIMIT);
	}

	private static Mono<String> send(String path) {
		return client.get().uri(path).responseSingle((response, body) -> {
			assertThat(response.status().code()).isEqualTo(200);
			return body.asString();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Http3Configuration {

		@Bean
		NettyServerCustomizer http3() {
			return (server) -> Http3.serve(server, directory);
		}

		@Bean
		SheddingPolicy policy() {
			return (loop, lagNanos, priority) -> (shedding && priority != RequestPriority.HIGH) ? 1 : 0;
		}

		@Bean
		RouterFunction<ServerResponse> holdingRoute() {
			return RouterFunctions.route()
				.GET("/hold", (request) -> ServerResponse.ok().body(RELEASE.asMono(), String.class))
				.build();
		}

	}

}
