package io.github.eventloop.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.eventloop.autoconfigure.SheddingIntegrationTests.OneLoop;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for adaptive load shedding, with a real server that has one loop.
 */
class AdaptiveSheddingIntegrationTests {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static ConfigurableApplicationContext context;

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@BeforeAll
	static void start() {
		context = BlockableApplication.run(List.of(OneLoop.class), "eventloop.shedding.enabled=true",
				"eventloop.shedding.exclude=/loop");
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void whenManyRequestsWaitShouldShedSomeOfThem() {
		// A machine that is too busy may look like a process that is paused.
		Awaitility.await()
			.atMost(LIMIT)
			.untilAsserted(() -> assertThat(statuses(100, "/block/30")).contains(200, 503).containsOnly(200, 503));
		assertThat(Visitor.of(context).status("/loop")).isEqualTo(200);
	}

	/** Send requests at once, each on its own connection. */
	private List<Integer> statuses(int requests, String path) {
		URI uri = URI
			.create("http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port") + path);
		HttpRequest request = HttpRequest.newBuilder(uri).timeout(LIMIT).build();
		List<CompletableFuture<HttpResponse<Void>>> responses = IntStream.range(0, requests)
			.mapToObj((number) -> this.client.sendAsync(request, BodyHandlers.discarding()))
			.toList();
		return responses.stream().map(CompletableFuture::join).map(HttpResponse::statusCode).toList();
	}

}
