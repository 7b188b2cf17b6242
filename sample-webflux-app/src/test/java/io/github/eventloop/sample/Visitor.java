package io.github.eventloop.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.sample.exhibit.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Client of the shop. Consecutive requests share one connection, and therefore one loop.
 * Uses threads of its own, because the loops of Reactor Netty are under test.
 */
final class Visitor {

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final URI shop;

	Visitor(int port) {
		this.shop = URI.create("http://127.0.0.1:" + port);
	}

	int status(String path) {
		return send(request(path)).join().statusCode();
	}

	void delete(String path) {
		send(request(path).DELETE()).join();
	}

	String get(String path) {
		return body(request(path)).join();
	}

	JsonNode json(String path) {
		return JsonMapper.shared().readTree(get(path));
	}

	Outcome visit(String exhibit) {
		return start(exhibit).join();
	}

	Outcome visit(String exhibit, String json) {
		return outcome(request(exhibit).header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(json))).join();
	}

	/** Request an exhibit without waiting for the response. */
	CompletableFuture<Outcome> start(String exhibit) {
		return outcome(request(exhibit));
	}

	/** Return the name of the loop that carries the connection. */
	String loop() {
		return visit("/cures/fibonacci?n=1").thread();
	}

	private CompletableFuture<Outcome> outcome(HttpRequest.Builder request) {
		return body(request).thenApply((body) -> JsonMapper.shared().readValue(body, Outcome.class));
	}

	private CompletableFuture<String> body(HttpRequest.Builder request) {
		return send(request).thenApply((response) -> {
			assertThat(response.statusCode()).as(response::body).isEqualTo(200);
			return response.body();
		});
	}

	private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
		return this.client.sendAsync(request.build(), BodyHandlers.ofString());
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(this.shop.resolve(path)).timeout(Duration.ofSeconds(60));
	}

}
