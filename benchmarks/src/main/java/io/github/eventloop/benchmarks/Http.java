package io.github.eventloop.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Single requests that are not part of a load.
 */
public final class Http {

	private static final HttpClient CLIENT = newClient();

	private Http() {
	}

	/** Return a client with its own connections. */
	static HttpClient newClient() {
		return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
	}

	/**
	 * Send a request without a body.
	 * @throws RuntimeException if there is no answer within 10 seconds, or it is an error
	 */
	static String send(HttpClient client, String method, String url) {
		return send(client, method, url, "application/json, */*");
	}

	private static String send(HttpClient client, String method, String url, String accept) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(url))
			.method(method, BodyPublishers.noBody())
			.header("Accept", accept)
			.timeout(Duration.ofSeconds(10))
			.build();
		HttpResponse<String> response = client.sendAsync(request, BodyHandlers.ofString()).join();
		if (response.statusCode() / 100 != 2) {
			throw new IllegalStateException(
					"%s %s was answered with %d: %s".formatted(method, url, response.statusCode(), response.body()));
		}
		return response.body();
	}

	/** Send a request without a body on a shared connection. */
	static void send(String method, String url) {
		send(CLIENT, method, url);
	}

	/** Get a resource as text. */
	public static String get(String url) {
		return send(CLIENT, "GET", url);
	}

	/** Get a resource as JSON. */
	public static JsonNode json(String url) {
		return json(CLIENT, url);
	}

	static JsonNode json(HttpClient client, String url) {
		return JsonMapper.shared().readTree(send(client, "GET", url, "application/json"));
	}

}
