package io.github.eventloop.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client with threads of its own, which uses one connection for sequential requests.
 */
final class Client {

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final URI server;

	private Client(int port) {
		this.server = URI.create("http://127.0.0.1:" + port);
	}

	static Client of(ConfigurableApplicationContext context) {
		return of(FaultyApplication.port(context));
	}

	static Client of(int port) {
		return new Client(port);
	}

	HttpResponse<String> get(String path) {
		try {
			return this.client.send(request(path), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException("No response from " + path, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("No response from " + path, ex);
		}
	}

	/** Send a request without waiting for the response. */
	CompletableFuture<HttpResponse<String>> begin(String path) {
		return this.client.sendAsync(request(path), BodyHandlers.ofString());
	}

	private HttpRequest request(String path) {
		return HttpRequest.newBuilder(this.server.resolve(path)).timeout(Duration.ofSeconds(60)).build();
	}

	JsonNode json(String path) {
		return JsonMapper.shared().readTree(get(path).body());
	}

	JsonNode eventLoops() {
		return json("/actuator/eventloop");
	}

	JsonNode stalls() {
		return json("/actuator/eventloop/stalls").get("stalls");
	}

	/** Return the end of the newest second. */
	long newestSecond() {
		JsonNode times = json("/actuator/eventloop/history").get("epochMillis");
		return times.isEmpty() ? 0 : times.get(times.size() - 1).asLong();
	}

}
