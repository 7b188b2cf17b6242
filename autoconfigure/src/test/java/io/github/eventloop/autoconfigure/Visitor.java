package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Client with a single connection, and therefore a single loop of the server. Uses
 * threads of its own, because the loops of Reactor Netty are under test.
 */
final class Visitor {

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final URI server;

	Visitor(int port) {
		this.server = URI.create("http://127.0.0.1:" + port);
	}

	static Visitor of(ConfigurableApplicationContext context) {
		return new Visitor(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

	HttpResponse<String> get(String path) {
		return send("GET", path, "");
	}

	/**
	 * Send a request.
	 * @param headers alternating names and values
	 */
	HttpResponse<String> send(String method, String path, String body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.server.resolve(path))
			.timeout(Duration.ofSeconds(60))
			.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
		if (headers.length > 0) {
			request.headers(headers);
		}
		try {
			return this.client.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException("No response from " + path, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("No response from " + path, ex);
		}
	}

	int status(String path) {
		return get(path).statusCode();
	}

	JsonNode json(String path) {
		return JsonMapper.shared().readTree(get(path).body());
	}

	JsonNode eventLoops() {
		return json("/actuator/eventloop");
	}

	/** Return the name of the loop that carries the connection. */
	String loop() {
		return get("/loop").body();
	}

	/** Block the loop that carries the connection. */
	void block(Duration duration) {
		get("/block/" + duration.toMillis());
	}

}
