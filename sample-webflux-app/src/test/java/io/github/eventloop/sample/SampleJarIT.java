package io.github.eventloop.sample;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the shop as it is deployed: from its jar, with the results of Spring Boot's
 * ahead-of-time processing.
 */
class SampleJarIT {

	private static final Path JAR = Path.of(System.getProperty("sample.jar"));

	@Test
	void whenProcessedAheadOfTimeShouldPublishEventLoops(@TempDir Path logs) throws IOException {
		try (ForkedShop shop = new ForkedShop(logs.resolve("shop.log"), "-Dspring.aot.enabled=true", "-jar",
				JAR.toString())) {
			Visitor visitor = shop.awaitStart(1);
			assertThat(shop.output()).contains("Starting AOT-processed SampleApplication");
			String loop = visitor.loop();
			JsonNode eventLoops = visitor.json("/actuator/eventloop");
			assertThat(eventLoops.get("status").asString()).isEqualTo("STARTING");
			assertThat(eventLoops.get("loops").valueStream()).extracting((each) -> each.get("name").asString())
				.contains(loop);
			assertThat(visitor.json("/actuator/eventloop/loops/" + loop).get("iterations").asLong()).isPositive();
			assertThat(visitor.json("/actuator/eventloop/history").get("intervalSeconds").asInt()).isOne();
			assertThat(visitor.status("/actuator/health/readiness")).isEqualTo(200);
			await(() -> visitor.get("/actuator/prometheus").contains("eventloop_lag_seconds_count{"));
			Visitor observer = shop.awaitStart(1);
			assertThat(observer.loop()).isNotEqualTo(loop);
			visitor.start("/offenders/sleep?millis=5000");
			await(() -> observer.status("/actuator/health/readiness") == 503);
			assertThat(observer.json("/actuator/eventloop").get("status").asString()).isEqualTo("STUCK");
		}
	}

	@Test
	void shouldOnlyContainServersThatAreSmall(@TempDir Path logs) throws IOException {
		try (ForkedShop shop = new ForkedShop(logs.resolve("shop.log"), "-jar", JAR.toString())) {
			Visitor visitor = shop.awaitStart(1);
			assertThat(visitor.visit("/offenders/redis?millis=10").thread()).startsWith("lettuce-");
			assertThat(visitor.status("/offenders/r2dbc?millis=10")).isEqualTo(503);
		}
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
	}

	@Test
	void hintsShouldContainTheResponseTypesOfTheEndpoint() throws IOException {
		assertThat(hints()).contains("io.github.eventloop.actuate.internal.EventLoopDescriptor",
				"io.github.eventloop.actuate.internal.HistoryDescriptor",
				"io.github.eventloop.actuate.internal.LoopDescriptor",
				"io.github.eventloop.actuate.internal.EventLoopEndpoint");
	}

	private static String hints() throws IOException {
		try (JarFile jar = new JarFile(JAR.toFile())) {
			ZipEntry entry = jar.stream()
				.filter((each) -> each.getName().endsWith("/eventloop-sample-webflux-app/reachability-metadata.json"))
				.findFirst()
				.orElseThrow();
			try (InputStream content = jar.getInputStream(entry)) {
				return new String(content.readAllBytes(), StandardCharsets.UTF_8);
			}
		}
	}

}
