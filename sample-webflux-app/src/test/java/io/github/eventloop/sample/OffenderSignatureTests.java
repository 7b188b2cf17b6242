package io.github.eventloop.sample;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.sample.exhibit.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What each exhibit looks like in {@code /actuator/eventloop}, to somebody who has
 * nothing but HTTP.
 * <p>
 * A busy machine makes any loop lag now and then, and takes the CPU from whoever
 * computes; it never makes an offender innocent. So each signature has to be seen once in
 * a few attempts.
 */
class OffenderSignatureTests {

	private static final Duration WINDOW = Duration.ofSeconds(1);

	private static final Duration STALL = Duration.ofMillis(50);

	private static ConfigurableApplicationContext shop;

	private static int port;

	private static Visitor visitor;

	/** On another loop, so that it can look on. */
	private static Visitor observer;

	private static String catalog;

	@BeforeAll
	static void open() {
		// As main would, but for the port and for what makes it quick.
		shop = new SpringApplicationBuilder(SampleApplication.class).run("--server.port=0",
				"--server.address=127.0.0.1", "--spring.reactor.netty.shutdown-quiet-period=0s",
				"--eventloop.window=" + WINDOW.toMillis() + "ms",
				"--eventloop.stall.threshold=" + STALL.toMillis() + "ms", "--eventloop.health.startup-grace=0s",
				"--eventloop.health.overloaded-p99=400ms", "--eventloop.health.trip-after=1s",
				"--eventloop.health.recover-after=1s",
				// Visitors keep their connections, and with them their loops.
				"--eventloop.readiness.close-connections=false");
		port = shop.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		visitor = new Visitor(port);
		observer = new Visitor(port);
		assertThat(observer.loop()).isNotEqualTo(visitor.loop());
		catalog = visitor.get("/catalog/export");
	}

	@AfterAll
	static void close() {
		shop.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "sleep", "http" })
	void offenderThatWaitsShouldTakeTheLoopButNoCpu(String name) {
		attempt(() -> {
			Signature signature = signature(() -> visitor.visit("/offenders/" + name));
			assertHeldUp(signature);
			assertThat(signature.cpuUtilization()).isLessThan(0.25 * signature.utilization());
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "bcrypt", "fibonacci", "file", "jdbc", "regex", "sort" })
	void offenderThatComputesShouldTakeTheLoopAndAsMuchCpu(String name) {
		attempt(() -> {
			Signature signature = signature(() -> visitor.visit("/offenders/" + name));
			assertHeldUp(signature);
			assertThat(signature.cpuUtilization()).isGreaterThan(0.5 * signature.utilization());
		});
	}

	@Test
	void jsonOffenderShouldTakeTheLoopAndAsMuchCpu() {
		attempt(() -> {
			Signature signature = signature(() -> visitor.visit("/offenders/json", catalog));
			assertHeldUp(signature);
			assertThat(signature.cpuUtilization()).isGreaterThan(0.5 * signature.utilization());
		});
	}

	@Test
	void floodOffenderShouldTakeTheLoopWithTasks() {
		attempt(() -> {
			Signature signature = signature(() -> visitor.visit("/offenders/flood"));
			assertHeldUp(signature);
			assertThat(signature.cpuUtilization()).isGreaterThan(0.5 * signature.utilization());
			assertThat(signature.seconds("task")).isGreaterThan(3 * signature.seconds("io"));
		});
	}

	@Test
	void floodOffenderShouldShowItsQueueWhileItLasts() {
		attempt(() -> {
			String loop = visitor.loop();
			CompletableFuture<Outcome> flood = visitor.start("/offenders/flood?tasks=100000");
			JsonNode seen = observer.json("/actuator/eventloop/loops/" + loop);
			flood.join();
			assertThat(seen.get("pendingTasks").asInt()).isGreaterThan(1000);
			assertThat(seen.get("busyMillis").asDouble()).isPositive();
		});
	}

	@Test
	void garbageOffenderShouldTakeTheLoopAndStopTheProcess() {
		attempt(() -> {
			Signature signature = signature(() -> visitor.visit("/offenders/garbage"));
			assertHeldUp(signature);
			assertThat(signature.after().at("/pause/totalMillis").asDouble()).isPositive();
		});
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "bcrypt", "fibonacci", "file", "flood", "garbage", "http", "jdbc", "regex", "sleep", "sort" })
	void cureShouldNotTakeTheLoop(String name) {
		attempt(() -> assertNotHeldUp(signature(() -> visitor.visit("/cures/" + name))));
	}

	@Test
	void jsonCureShouldNotTakeTheLoop() {
		attempt(() -> assertNotHeldUp(signature(() -> visitor.visit("/cures/json", catalog))));
	}

	@Test
	void slowBackendShouldNotTakeTheLoopHoweverManyWait() {
		Visitor crowd = new Visitor(port);
		attempt(() -> assertNotHeldUp(signature(() -> {
			List<CompletableFuture<Outcome>> visits = IntStream.range(0, 10)
				.mapToObj((i) -> crowd.start("/innocents/slow-backend"))
				.toList();
			CompletableFuture<Outcome> last = visits.get(9);
			assertThat(Awaitility.await()
				.until(OffenderSignatureTests::inFlightRequests, (requests) -> requests > 10 || last.isDone()))
				.isGreaterThan(10);
			visits.forEach(CompletableFuture::join);
			return last.join();
		})));
	}

	/** The request that asks is one of them. */
	private static int inFlightRequests() {
		return loops(observer.json("/actuator/eventloop")).mapToInt((loop) -> loop.get("inFlightRequests").asInt())
			.sum();
	}

	@Test
	void offloadedShouldTakeCpuButNotTheLoop() {
		attempt(() -> {
			double before = processCpuSeconds();
			Signature signature = signature(() -> visitor.visit("/innocents/offloaded"));
			assertNotHeldUp(signature);
			assertThat(processCpuSeconds() - before).isGreaterThan(4 * signature.activeSeconds())
				.isGreaterThan(0.2 * signature.outcome().tookMillis() / 1000);
		});
	}

	private static double processCpuSeconds() {
		return observer.json("/actuator/metrics/process.cpu.time").at("/measurements/0/value").asDouble() / 1e9;
	}

	@ParameterizedTest
	@CsvSource({ "100, DEGRADED, 200", "700, OVERLOADED, 503", "4000, STUCK, 503" })
	void whenOffenderIsRepeatedStatusShouldSaySo(int millis, String status, int readiness) {
		AtomicBoolean enough = new AtomicBoolean();
		CompletableFuture<Void> offending = CompletableFuture.runAsync(() -> {
			while (!enough.get()) {
				visitor.visit("/offenders/sleep?millis=" + millis);
			}
		});
		try {
			await(() -> status().equals(status) && observer.status("/readyz") == readiness);
		}
		finally {
			enough.set(true);
			offending.join();
		}
		await(() -> status().equals("HEALTHY") && observer.status("/readyz") == 200);
	}

	private static String status() {
		return observer.json("/actuator/eventloop").get("status").asString();
	}

	/** Wait until the window has forgotten what was before, visit, and look. */
	private static Signature signature(Supplier<Outcome> visit) {
		await(() -> loops(observer.json("/actuator/eventloop"))
			.allMatch((loop) -> loop.get("utilization").asDouble() < 0.1));
		JsonNode before = visitor.json("/actuator/eventloop");
		Outcome outcome = visit.get();
		return new Signature(outcome, before, visitor.json("/actuator/eventloop"));
	}

	private static void assertHeldUp(Signature signature) {
		double longest = Math.min(signature.outcome().tookMillis(), WINDOW.toMillis());
		assertThat(signature.loop().get("name").asString()).isEqualTo(signature.outcome().thread());
		assertThat(signature.lagMaxMillis()).isGreaterThan(0.8 * longest);
		assertThat(signature.utilization() * signature.windowMillis()).isGreaterThan(0.8 * longest);
		assertThat(signature.activeSeconds() * 1000).isGreaterThan(0.8 * signature.outcome().tookMillis());
		assertThat(signature.stalls()).isPositive();
	}

	private static void assertNotHeldUp(Signature signature) {
		assertThat(signature.lagMaxMillis()).isLessThan(STALL.toMillis());
		assertThat(signature.utilization()).isLessThan(0.3);
		assertThat(signature.stalls()).isZero();
	}

	private static Stream<JsonNode> loops(JsonNode eventLoops) {
		return eventLoops.get("loops").valueStream();
	}

	private static void attempt(ThrowingRunnable assertion) {
		Awaitility.await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(60)).until(condition);
	}

	/**
	 * What the endpoint says before and after a visit.
	 */
	private record Signature(Outcome outcome, JsonNode before, JsonNode after) {

		/** The one with the most to do. */
		JsonNode loop() {
			return loops(this.after).max(Comparator.comparingDouble((loop) -> loop.get("utilization").asDouble()))
				.orElseThrow();
		}

		double utilization() {
			return loop().get("utilization").asDouble();
		}

		/** It reaches back to the beginning of a second. */
		double windowMillis() {
			return this.after.get("windowSeconds").asDouble() * 1000;
		}

		double cpuUtilization() {
			return loop().get("cpuUtilization").asDouble();
		}

		double lagMaxMillis() {
			return loops(this.after).mapToDouble((loop) -> loop.at("/lag/maxMillis").asDouble()).max().orElseThrow();
		}

		double seconds(String kind) {
			return seconds(this.after, kind) - seconds(this.before, kind);
		}

		private double seconds(JsonNode eventLoops, String kind) {
			return loops(eventLoops).filter((loop) -> loop.get("name").equals(loop().get("name")))
				.mapToDouble((loop) -> loop.get(kind + "Seconds").asDouble())
				.sum();
		}

		double activeSeconds() {
			return seconds("io") + seconds("task");
		}

		long stalls() {
			return this.after.at("/stalls/total").asLong() - this.before.at("/stalls/total").asLong();
		}

	}

}
