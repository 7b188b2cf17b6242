package io.github.eventloop.benchmarks.prometheus;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.ChildProcess;
import io.github.eventloop.benchmarks.Http;
import io.github.eventloop.benchmarks.Instance;
import io.github.eventloop.benchmarks.Program;

/**
 * A time series database with the API of Prometheus. Thread-safe.
 *
 * @param process its process
 * @param url its URL
 */
record Database(ChildProcess process, String url) implements AutoCloseable {

	private static final Duration START = Duration.ofSeconds(30);

	/**
	 * Start Prometheus, which scrapes instances as the job {@code shop}, once a second.
	 */
	static Database prometheus(List<Instance> instances, List<Path> rules, Path directory) {
		Path configuration = Docs.write(directory.resolve("prometheus.yml"), """
				global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
				rule_files: [%s]
				scrape_configs:
				  - job_name: shop
				    metrics_path: /actuator/prometheus
				    static_configs:
				      - targets: [%s]
				""".formatted(rules.stream().map(Path::toString).collect(Collectors.joining(", ")),
				instances.stream().map(Database::target).collect(Collectors.joining(", "))));
		ChildProcess process = ChildProcess.start("prometheus", directory,
				List.of(Program.path("prometheus"), "--config.file=" + configuration,
						"--storage.tsdb.path=" + directory.resolve("data"), "--web.listen-address=127.0.0.1:0"));
		process.await("Server is ready", START);
		String address = process.await("msg=\"Listening on\" address=(127.0.0.1:\\d+)", START).get(0).group(1);
		return new Database(process, "http://" + address);
	}

	/** Start VictoriaMetrics, which receives meters with OTLP. */
	static Database victoriaMetrics(Path directory) {
		ChildProcess process = ChildProcess.start("victoria-metrics", directory,
				List.of(Program.path("victoria-metrics"), "-httpListenAddr=127.0.0.1:0",
						"-storageDataPath=" + directory.resolve("data"), "-opentelemetry.usePrometheusNaming",
						// Queries include the latest values, instead of those of half a
						// minute ago.
						"-search.latencyOffset=0s", "-search.disableCache"));
		return new Database(process,
				process.await("started server at (http://127.0.0.1:\\d+)/", START).get(0).group(1));
	}

	/** Return the label {@code instance} of an instance. */
	static String target(Instance instance) {
		return "127.0.0.1:" + instance.managementPort();
	}

	/** Evaluate an expression at the current time. */
	List<Series> query(String expression) {
		return get("/query", "query", expression).get("result").valueStream().map(Series::of).toList();
	}

	/** Get a resource below {@code /api/v1}, with one parameter. */
	JsonNode get(String path, String parameter, String value) {
		return Http
			.json(this.url + "/api/v1" + path + "?" + parameter + "="
					+ URLEncoder.encode(value, StandardCharsets.UTF_8))
			.get("data");
	}

	@Override
	public void close() {
		this.process.close();
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
			String value = result.get("value").get(1).asString();
			return new Series(labels, Double.parseDouble(value.replace("Inf", "Infinity")));
		}

		String label(String name) {
			return this.labels.getOrDefault(name, "");
		}

	}

}
