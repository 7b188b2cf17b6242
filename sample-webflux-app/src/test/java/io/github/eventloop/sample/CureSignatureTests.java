package io.github.eventloop.sample;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.sample.exhibit.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what each cure and each innocent looks like in {@code /actuator/eventloop}.
 */
class CureSignatureTests {

	private static ExhibitedShop shop;

	@BeforeAll
	static void open() {
		shop = new ExhibitedShop();
	}

	@AfterAll
	static void close() {
		shop.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "bcrypt", "fibonacci", "file", "flood", "garbage", "http", "jdbc", "redis", "r2dbc",
			"regex", "sleep", "sort" })
	void cureShouldNotBlockTheLoop(String name) {
		ExhibitedShop.attempt(() -> shop.signature(() -> shop.visitor.visit("/cures/" + name)).assertLoopNotBlocked());
	}

	@Test
	void jsonCureShouldNotBlockTheLoop() {
		ExhibitedShop.attempt(
				() -> shop.signature(() -> shop.visitor.visit("/cures/json", shop.catalog)).assertLoopNotBlocked());
	}

	@Test
	void slowBackendShouldNotBlockTheLoopHoweverManyWait() {
		Visitor crowd = new Visitor(shop.port);
		ExhibitedShop.attempt(() -> shop.signature(() -> {
			List<CompletableFuture<Outcome>> visits = IntStream.range(0, 10)
				.mapToObj((i) -> crowd.start("/innocents/slow-backend"))
				.toList();
			CompletableFuture<Outcome> last = visits.get(9);
			assertThat(Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(CureSignatureTests::inFlightRequests, (requests) -> requests > 10 || last.isDone()))
				.isGreaterThan(10);
			visits.forEach(CompletableFuture::join);
			return last.join();
		}).assertLoopNotBlocked());
	}

	/** Includes the request that reads the number. */
	private static int inFlightRequests() {
		return Signature.loops(shop.observer.json("/actuator/eventloop"))
			.mapToInt((loop) -> loop.get("inFlightRequests").asInt())
			.sum();
	}

	@Test
	void offloadedShouldUseCpuButNotBlockTheLoop() {
		ExhibitedShop.attempt(() -> {
			double before = processCpuSeconds();
			Signature signature = shop.signature(() -> shop.visitor.visit("/innocents/offloaded"));
			signature.assertLoopNotBlocked();
			assertThat(processCpuSeconds() - before).isGreaterThan(4 * signature.activeSeconds())
				.isGreaterThan(0.2 * signature.outcome().tookMillis() / 1000);
		});
	}

	private static double processCpuSeconds() {
		return shop.observer.json("/actuator/metrics/process.cpu.time").at("/measurements/0/value").asDouble() / 1e9;
	}

}
