package io.github.eventloop.sample;

import java.time.Duration;
import java.util.function.Predicate;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code /actuator/eventloop/hotspots} shows the line and the cause of each
 * offender. On a busy machine, one that computes may be starved of CPU, so each has a few
 * attempts.
 */
class HotspotTests {

	private static ConfigurableApplicationContext shop;

	private static Visitor visitor;

	@BeforeAll
	static void open() {
		shop = new SpringApplicationBuilder(SampleApplication.class).run("--server.port=0",
				"--server.address=127.0.0.1", "--spring.reactor.netty.shutdown-quiet-period=0s",
				// Some take less than the default once they are compiled.
				"--eventloop.stall.threshold=40ms", "--eventloop.readiness.close-connections=false");
		visitor = new Visitor(shop.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

	@AfterAll
	static void close() {
		shop.close();
	}

	@ParameterizedTest
	@CsvSource({ "sleep, SLEEPING, SleepController", "http, BLOCKING_IO, HttpController",
			"file, BLOCKING_IO, PriceList", "bcrypt, COMPUTING, BcryptController",
			"fibonacci, COMPUTING, FibonacciController", "jdbc, COMPUTING, JdbcController",
			"regex, COMPUTING, RegexController", "sort, COMPUTING, SortController",
			"garbage, COMPUTING, GarbageController", "flood, FLOOD, FloodController", "redis, WAITING, RedisController",
			"r2dbc, WAITING, R2dbcController" })
	void shouldShowLineAndCauseOfOffender(String name, String cause, String className) {
		attempt(() -> visitor.visit("/offenders/" + name), (hotspot) -> {
			JsonNode culprit = hotspot.path("culprit");
			return hotspot.path("cause").asString().equals(cause)
					&& culprit.path("className").asString().equals("io.github.eventloop.sample.offenders." + className)
					&& culprit.path("lineNumber").asInt() > 0;
		});
	}

	@Test
	void shouldShowRouteAndLibraryOfOffenderWithoutCodeOfItsOwn() {
		String catalog = visitor.get("/catalog/export");
		attempt(() -> visitor.visit("/offenders/json", catalog),
				(hotspot) -> hotspot.path("cause").asString().equals("COMPUTING")
						&& hotspot.at("/culprit/className").asString().startsWith("tools.jackson.")
						&& hotspot.at("/routes/0").asString().equals("/offenders/json")
						&& hotspot.path("advice").asString().contains("JSON"));
	}

	@ParameterizedTest
	@CsvSource({ "redis, lettuce, Every Redis command of this connection waits, RedisCommandTimeoutException",
			"r2dbc, reactor-tcp, Every query of this R2DBC connection waits, publishOn" })
	void shouldShowWhatWaitsForTheLoopOfADriver(String name, String group, String waits, String alsoMentioned) {
		attempt(() -> visitor.visit("/offenders/" + name),
				(hotspot) -> hotspot.path("advice").asString().contains(waits)
						&& hotspot.path("advice").asString().contains(alsoMentioned));
		assertThat(visitor.json("/actuator/eventloop").get("groups"))
			.anyMatch((each) -> each.path("name").asString().equals(group)
					&& each.path("measurement").asString().equals("EXACT"));
		assertThat(visitor.json("/actuator/eventloop/stalls").get("stalls"))
			.anyMatch((stall) -> stall.path("loop").asString().startsWith(group + "-"));
	}

	private static void attempt(Runnable visit, Predicate<JsonNode> expected) {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.atMost(Duration.ofSeconds(60))
			.ignoreException(ConditionTimeoutException.class)
			.untilAsserted(() -> {
				visit.run();
				Awaitility.await()
					.atMost(Duration.ofSeconds(3))
					.untilAsserted(() -> assertThat(visitor.json("/actuator/eventloop/hotspots").get("hotspots"))
						.anyMatch(expected));
			});
	}

}
