package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.internal.recorder.MonitoredThread;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what another thread can read of the request that a loop is stuck in while it
 * handles the response of another server.
 */
class ClientRequestsIntegrationTests {

	private static LoopResources loops;

	private static DisposableServer server;

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() {
		loops = LoopResources.create("backend", 1, true);
		server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.protocol(HttpProtocol.HTTP11, HttpProtocol.H2C)
			.runOn(loops)
			.route((routes) -> routes.get("/tea", (request, response) -> response.sendString(Mono.just("tea")))
				.get("/closed", (request, response) -> {
					request.withConnection((connection) -> connection.channel().close());
					return Mono.never();
				}))
			.bindNow();
		System.setProperty("backend", "http://" + peer());
		StuckApplication.recorders().clear();
		context = StuckApplication.run(CallsConfiguration.class);
	}

	@AfterAll
	static void stop() {
		context.close();
		server.disposeNow();
		loops.dispose();
		System.clearProperty("backend");
	}

	@ParameterizedTest
	@ValueSource(strings = { "webclient", "bean", "http2", "closed", "detached" })
	void whenResponseArrivesRouteAndPeerShouldBeKnown(String client) {
		for (int i = 0; i < 3; i++) {
			assertThat(visit("/calls/" + client)).isEqualTo("route /calls/{client} trace null peer %s", peer());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "own", "elsewhere" })
	void whenRequestIsNotKnownPeerShouldBe(String client) {
		assertThat(visit("/calls/" + client)).isEqualTo("route null trace null peer %s", peer());
	}

	@Test
	void whenResponsesAreHandledLoopShouldHandleNothing() {
		visit("/calls/webclient");
		assertThat(StuckApplication.recorders()).isNotEmpty();
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> StuckApplication.recorders().stream().allMatch((recorder) -> recorder.request() == null));
	}

	private static String visit(String path) {
		return Visitor.of(context).get(path).body();
	}

	private static String peer() {
		return "127.0.0.1:" + server.port();
	}

	@Configuration(proxyBeanMethods = false)
	static class CallsConfiguration {

		private final String backend = System.getProperty("backend");

		@Bean
		HttpClient client() {
			return HttpClient.create();
		}

		@Bean
		RouterFunction<ServerResponse> calls(WebClient.Builder builder, HttpClient client) {
			WebClient bean = WebClient.builder().clientConnector(new ReactorClientHttpConnector(client)).build();
			WebClient http2 = WebClient.builder()
				.clientConnector(new ReactorClientHttpConnector(client.protocol(HttpProtocol.H2C)))
				.build();
			WebClient own = WebClient.create();
			WebClient known = builder.build();
			Map<String, Mono<String>> calls = new ConcurrentHashMap<>(Map.of("webclient", call(known, "/tea"), "bean",
					call(bean, "/tea"), "http2", call(http2, "/tea"), "closed", call(known, "/closed"), "own",
					call(own, "/tea"), "detached", Mono.fromFuture(() -> call(known, "/tea").toFuture()), "elsewhere",
					call(known, "/tea").subscribeOn(Schedulers.boundedElastic())));
			return RouterFunctions.route()
				.GET("/calls/{client}",
						(request) -> calls.get(request.pathVariable("client"))
							.flatMap((answer) -> ServerResponse.ok().bodyValue(answer)))
				.build();
		}

		private Mono<String> call(WebClient client, String path) {
			return client.get()
				.uri(this.backend + path)
				.retrieve()
				.bodyToMono(String.class)
				.map((tea) -> inspect())
				.onErrorResume((ex) -> Mono.fromSupplier(CallsConfiguration::inspect));
		}

		private static String inspect() {
			assertThat(Thread.currentThread()).isInstanceOf(MonitoredThread.class);
			return StuckApplication.inspect();
		}

	}

}
