package io.github.eventloop.benchmarks.prometheus;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The query API of Prometheus, or of a compatible database. Thread-safe.
 *
 * @param url the base URL of the API
 */
record QueryApi(String url) {

	private static final HttpClient CLIENT = HttpClient.newHttpClient();

	/**
	 * Evaluate an expression at the current time.
	 * @param expression the expression
	 * @return the series of its result
	 * @throws IllegalStateException if the expression is invalid
	 */
	List<Series> query(String expression) {
		return get("/query", "query", expression).get("result").valueStream().map(Series::of).toList();
	}

	/**
	 * Get another resource of the API.
	 * @param path below {@code /api/v1}
	 * @param parameters names and values
	 * @return the data
	 * @throws IllegalStateException if the answer is an error
	 */
	JsonNode get(String path, String... parameters) {
		StringBuilder uri = new StringBuilder(this.url + "/api/v1" + path + "?");
		for (int i = 0; i < parameters.length; i += 2) {
			uri.append(parameters[i]).append('=').append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
			uri.append('&');
		}
		JsonNode answer = JsonMapper.shared().readTree(text(uri.toString()));
		if (!answer.get("status").asString().equals("success")) {
			throw new IllegalStateException(String.join(" ", parameters) + ": " + answer);
		}
		return answer.get("data");
	}

	/**
	 * Get a text.
	 * @param uri its URI
	 * @return the text, whatever the status
	 */
	static String text(String uri) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(60)).build();
		try {
			return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
		}
		catch (IOException ex) {
			throw new IllegalStateException("No answer from " + uri, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	/**
	 * A series with its latest value.
	 *
	 * @param labels its labels, including {@code __name__}
	 * @param value the value, which may be NaN
	 */
	record Series(Map<String, String> labels, double value) {

		private static Series of(JsonNode result) {
			Map<String, String> labels = new LinkedHashMap<>();
			result.get("metric")
				.properties()
				.forEach((label) -> labels.put(label.getKey(), label.getValue().asString()));
			return new Series(labels, number(result.get("value").get(1).asString()));
		}

		private static double number(String text) {
			return switch (text) {
				case "+Inf" -> Double.POSITIVE_INFINITY;
				case "-Inf" -> Double.NEGATIVE_INFINITY;
				default -> Double.parseDouble(text);
			};
		}

		String label(String name) {
			return this.labels.getOrDefault(name, "");
		}

	}

}
