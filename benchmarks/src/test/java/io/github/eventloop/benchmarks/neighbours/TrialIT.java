package io.github.eventloop.benchmarks.neighbours;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.util.TestSocketUtils;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What new users see who add the starter to their applications, and nothing else: every
 * loop, exact, and each callback that blocks with its line and what it delays.
 */
@Timeout(180)
class TrialIT {

	/** Long enough to exceed timeouts of clients, which the advice then mentions. */
	private static final int BLOCKED_MILLIS = 1200;

	@TempDir
	private Path directory;

	@Test
	void mvcWithWebClientAndRedis() throws Exception {
		DisposableServer prices = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((request, response) -> response.sendString(Mono.just("42")))
			.bindNow();
		try (Redis redis = Redis.start(this.directory);
				Trial shop = Trial.start("mvc", this.directory, "prices=http://127.0.0.1:" + prices.port(),
						"spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + redis.port())) {
			assertThat(shop.get("/price/0")).isEqualTo("42");
			assertThat(shop.get("/stock/0")).isEqualTo("1 left");
			assertEveryLoopIsExact(shop, "reactor-http", "lettuce");
			shop.get("/price/" + BLOCKED_MILLIS);
			assertNamed(shop.awaitStall("reactor-http-"), "127.0.0.1:" + prices.port(), "PrematureCloseException");
			shop.get("/stock/" + BLOCKED_MILLIS);
			JsonNode stall = shop.awaitStall("lettuce-");
			assertNamed(stall, "127.0.0.1:" + redis.port(), "RedisCommandTimeoutException");
			assertThat(stall.get("component").asString()).isEqualTo("lettuce");
			shop.awaitLog("while handling a response from 127.0.0.1:" + redis.port() + " (lettuce)");
			assertThat(shop.eventLoops("/diagnosis").toString()).contains("driver-loop-blocked");
		}
		finally {
			prices.disposeNow();
		}
	}

	@Test
	void webFluxWithR2dbcAndGrpc() throws Exception {
		int grpc = TestSocketUtils.findAvailableTcpPort();
		try (Postgres postgres = Postgres.start(this.directory);
				Trial shop = Trial.start("webflux", this.directory,
						"spring.r2dbc.url=r2dbc:postgresql://127.0.0.1:" + postgres.port() + "/" + Postgres.DATABASE,
						"spring.r2dbc.username=" + Postgres.USER, "spring.grpc.server.address=127.0.0.1",
						"spring.grpc.server.port=" + grpc, "spring.grpc.server.health.enabled=false",
						"spring.grpc.client.channel.shop.target=static://127.0.0.1:" + grpc)) {
			assertThat(shop.get("/price/0")).isEqualTo("42");
			assertThat(shop.get("/health/0")).isEqualTo("SERVING");
			assertEveryLoopIsExact(shop, "reactor-http", "reactor-tcp", "grpc");
			shop.get("/price/" + BLOCKED_MILLIS);
			assertNamed(shop.awaitStall("reactor-tcp-"), "127.0.0.1:" + postgres.port(), "R2DBC");
			shop.get("/health/" + BLOCKED_MILLIS);
			assertNamed(shop.awaitStall("grpc-"), "127.0.0.1:" + grpc, "DEADLINE_EXCEEDED");
			shop.awaitLog("while handling a response from 127.0.0.1:" + postgres.port() + " (r2dbc)");
			shop.awaitLog("while handling a response from 127.0.0.1:" + grpc + " (grpc)");
		}
	}

	private static void assertEveryLoopIsExact(Trial shop, String... groups) {
		JsonNode eventLoops = shop.eventLoops("");
		assertThat(eventLoops.get("groups").valueStream().map((group) -> group.get("name").asString()))
			.containsOnly(groups);
		assertThat(eventLoops.get("groups").valueStream())
			.allMatch((group) -> group.get("measurement").asString().equals("EXACT"));
		assertThat(eventLoops.get("unmeasured").valueStream()).isEmpty();
	}

	private static void assertNamed(JsonNode stall, String peer, String delayed) {
		assertThat(stall.at("/culprit/className").asString()).isEqualTo("com.example.shop.Shop");
		assertThat(stall.at("/culprit/methodName").asString()).isEqualTo("slow");
		assertThat(stall.at("/culprit/lineNumber").asInt()).isPositive();
		assertThat(stall.at("/peer").asString()).isEqualTo(peer);
		assertThat(stall.get("advice").asString()).contains(delayed);
		assertThat(stall.get("durationMillis").asDouble()).isGreaterThanOrEqualTo(BLOCKED_MILLIS);
	}

}
