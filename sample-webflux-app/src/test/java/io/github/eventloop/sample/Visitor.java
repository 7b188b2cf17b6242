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
 * A client of the shop whose requests, if sent one after the other, share one connection
 * and so one loop. It has threads of its own: those of Reactor Netty would be the loops
 * that it looks at.
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

	/** Visit an exhibit without waiting for it. */
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
