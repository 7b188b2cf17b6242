package io.github.eventloop.benchmarks.neighbours;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import io.github.eventloop.benchmarks.Application;
import io.github.eventloop.benchmarks.Http;
import io.github.eventloop.benchmarks.Instance;
import io.github.eventloop.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Spring Cloud Gateway with a route to a server: it uses the same loops as a server and
 * as a client. There is no release for this version of Spring Boot yet, so its
 * compatibility verifier is disabled.
 */
@Timeout(120)
class GatewayIT {

	private static final String ROUTE = "spring.cloud.gateway.server.webflux.routes[0].";

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@TempDir
	private Path directory;

	@Test
	void filtersThatBlockShouldBeNamed() {
		Path libraries = Program.TOOLS.resolve("gateway");
		assumeTrue(Files.isDirectory(libraries), "Needs Spring Cloud Gateway: benchmarks/install gateway");
		DisposableServer server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((request, response) -> response.sendString(Mono.just("42")))
			.bindNow();
		try (Instance gateway = Application.of(GatewayApplication.class, libraries)
			.property("spring.cloud.compatibility-verifier.enabled", false)
			.property("management.endpoint.eventloop.show-details", "always")
			.property(ROUTE + "id", "prices")
			.property(ROUTE + "uri", "http://127.0.0.1:" + server.port())
			.property(ROUTE + "predicates[0]", "Path=/prices/**")
			.property(ROUTE + "filters[0].name", "ModifyResponseBody")
			.property(ROUTE + "filters[0].args.inClass", "java.lang.String")
			.property(ROUTE + "filters[0].args.outClass", "java.lang.String")
			.property(ROUTE + "filters[0].args.rewriteFunction", "#{@rewrite}")
			.start("gateway", this.directory)) {
			assertThat(Http.get(gateway.url("/prices/1"))).isEqualTo("42");
			assertThat(gateway.eventLoops("").toString()).containsPattern("\"roles\":\\[[^]]*\"SERVER\",\"CLIENT\"");
			assertThat(Http.get(gateway.url("/prices/1?block"))).isEqualTo("42");
			Awaitility.await()
				.atMost(TIMEOUT)
				.untilAsserted(
						() -> assertThat(gateway.eventLoops("/hotspots").toString()).contains("MonitoredApplication"));
			assertThat(Http.get(gateway.url("/prices/1?rewrite"))).isEqualTo("42");
			Awaitility.await()
				.atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(gateway.eventLoops("/stalls").get("stalls").valueStream())
					.anySatisfy((stall) -> {
						assertThat(stall.at("/culprit/className").asString()).contains("MonitoredApplication");
						assertThat(stall.at("/route").asString()).isEqualTo("/prices/** (gateway route prices)");
						assertThat(stall.at("/filter").asString()).isEqualTo("ModifyResponseBody");
						assertThat(stall.at("/peer").asString()).isEqualTo("127.0.0.1:" + server.port());
					}));
		}
		finally {
			server.disposeNow();
		}
	}

}
