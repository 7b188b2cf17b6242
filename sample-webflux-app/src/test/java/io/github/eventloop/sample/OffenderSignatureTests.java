package io.github.eventloop.sample;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.sample.exhibit.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what each offender looks like in {@code /actuator/eventloop}.
 */
class OffenderSignatureTests {

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
	@ValueSource(strings = { "sleep", "http", "redis", "r2dbc" })
	void offenderThatWaitsShouldBlockTheLoopWithoutCpu(String name) {
		ExhibitedShop.attempt(() -> {
			Signature signature = shop.signature(() -> shop.visitor.visit("/offenders/" + name));
			signature.assertLoopBlocked();
			assertThat(signature.cpuUtilization()).isLessThan(0.25 * signature.utilization());
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "bcrypt", "fibonacci", "file", "jdbc", "regex", "sort" })
	void offenderThatComputesShouldBlockTheLoopWithAsMuchCpu(String name) {
		ExhibitedShop.attempt(() -> {
			Signature signature = shop.signature(() -> shop.visitor.visit("/offenders/" + name));
			signature.assertLoopBlocked();
			signature.assertLoopComputed();
		});
	}

	@Test
	void jsonOffenderShouldBlockTheLoopWithAsMuchCpu() {
		ExhibitedShop.attempt(() -> {
			Signature signature = shop.signature(() -> shop.visitor.visit("/offenders/json", shop.catalog));
			signature.assertLoopBlocked();
			signature.assertLoopComputed();
		});
	}

	@Test
	void floodOffenderShouldBlockTheLoopWithTasks() {
		ExhibitedShop.attempt(() -> {
			Signature signature = shop.signature(() -> shop.visitor.visit("/offenders/flood"));
			signature.assertLoopBlocked();
			signature.assertLoopComputed();
			assertThat(signature.seconds("task")).isGreaterThan(3 * signature.seconds("io"));
		});
	}

	@Test
	void floodOffenderShouldShowItsQueueWhileInProgress() {
		ExhibitedShop.attempt(() -> {
			String loop = shop.visitor.loop();
			CompletableFuture<Outcome> flood = shop.visitor.start("/offenders/flood?tasks=100000");
			JsonNode seen = shop.observer.json("/actuator/eventloop/loops/" + loop);
			flood.join();
			assertThat(seen.get("pendingTasks").asInt()).isGreaterThan(1000);
			assertThat(seen.get("busyMillis").asDouble()).isPositive();
		});
	}

	@Test
	void garbageOffenderShouldBlockTheLoopAndPauseTheProcess() {
		ExhibitedShop.attempt(() -> {
			Signature signature = shop.signature(() -> shop.visitor.visit("/offenders/garbage"));
			signature.assertLoopBlocked();
			assertThat(signature.after().at("/pause/totalMillis").asDouble()).isPositive();
		});
	}

	@ParameterizedTest
	@CsvSource({ "100, DEGRADED, 200", "700, OVERLOADED, 503", "4000, STUCK, 503" })
	void whenOffenderIsRepeatedStatusShouldChange(int millis, String status, int readiness) {
		AtomicBoolean stopped = new AtomicBoolean();
		CompletableFuture<Void> requests = CompletableFuture.runAsync(() -> {
			while (!stopped.get()) {
				shop.visitor.visit("/offenders/sleep?millis=" + millis);
			}
		});
		try {
			ExhibitedShop.await(() -> shop.status().equals(status) && shop.observer.status("/readyz") == readiness);
		}
		finally {
			stopped.set(true);
			requests.join();
		}
		ExhibitedShop.await(() -> shop.status().equals("HEALTHY") && shop.observer.status("/readyz") == 200);
	}

}
