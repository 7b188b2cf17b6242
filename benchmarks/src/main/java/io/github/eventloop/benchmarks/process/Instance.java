package io.github.eventloop.benchmarks.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A running instance of an {@link Application}. Thread-safe.
 */
public final class Instance implements AutoCloseable {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final HttpClient CLIENT = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(2))
		.build();

	private final String name;

	private final ChildProcess process;

	private final int port;

	private final int managementPort;

	Instance(String name, ChildProcess process, int port, int managementPort) {
		this.name = name;
		this.process = process;
		this.port = port;
		this.managementPort = managementPort;
	}

	/**
	 * Return the name of the instance.
	 * @return the name it was started with
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the port of the application.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Return the port of Actuator.
	 * @return the management port, or the port of the application if there is no separate
	 * one
	 */
	public int managementPort() {
		return this.managementPort;
	}

	/**
	 * Return the process.
	 * @return the process
	 */
	public ChildProcess process() {
		return this.process;
	}

	/**
	 * Return the URL of a resource of the application.
	 * @param path path and query
	 * @return the URL
	 */
	public String url(String path) {
		return "http://127.0.0.1:" + this.port + path;
	}

	/**
	 * Query an Actuator endpoint.
	 * @param path path and query, starting with {@code /actuator}
	 * @return the answer, or empty if there was none within 2 seconds or it was an error
	 */
	public Optional<JsonNode> actuator(String path) {
		URI uri = URI.create("http://127.0.0.1:" + this.managementPort + path);
		HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build();
		try {
			HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
			return (response.statusCode() == 200) ? Optional.of(JSON.readTree(response.body())) : Optional.empty();
		}
		catch (IOException ex) {
			return Optional.empty();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Optional.empty();
		}
	}

	@Override
	public void close() {
		this.process.close();
	}

}
