package io.github.eventloop.benchmarks.prometheus;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import io.github.eventloop.benchmarks.process.ChildProcess;
import io.github.eventloop.benchmarks.process.Program;
import io.github.eventloop.benchmarks.prometheus.QueryApi.Series;

/**
 * A VictoriaMetrics server as a database that receives meters with OTLP. Thread-safe.
 */
final class VictoriaMetrics implements AutoCloseable {

	private static final Pattern STARTED = Pattern.compile("started server at (http://127.0.0.1:\\d+)/");

	private final ChildProcess process;

	private final QueryApi api;

	private VictoriaMetrics(ChildProcess process, String url) {
		this.process = process;
		this.api = new QueryApi(url);
	}

	/**
	 * Start VictoriaMetrics, and wait until it answers queries.
	 * @param directory the directory for its files
	 * @return the running database
	 */
	static VictoriaMetrics start(Path directory) {
		ChildProcess process = ChildProcess.start("victoria-metrics", directory.resolve("victoria-metrics.log"),
				List.of(Program.find("victoria-metrics").orElseThrow().toString(), "-httpListenAddr=127.0.0.1:0",
						"-storageDataPath=" + directory.resolve("data"), "-opentelemetry.usePrometheusNaming",
						// Queries include the latest values, instead of those of half a
						// minute ago.
						"-search.latencyOffset=0s", "-search.disableCache"));
		try {
			String log = process.await("its start", (output) -> STARTED.matcher(output).find(), Duration.ofSeconds(30));
			return new VictoriaMetrics(process,
					STARTED.matcher(log).results().map((line) -> line.group(1)).findFirst().orElseThrow());
		}
		catch (RuntimeException ex) {
			process.close();
			throw ex;
		}
	}

	/**
	 * Return the URL to push to.
	 * @return the URL for OTLP
	 */
	String otlpUrl() {
		return this.api.url() + "/opentelemetry/v1/metrics";
	}

	/**
	 * Evaluate an expression over all pushed data.
	 * @param expression the expression
	 * @return the series of its result
	 */
	List<Series> query(String expression) {
		QueryApi.text(this.api.url() + "/internal/force_flush");
		return this.api.query(expression);
	}

	@Override
	public void close() {
		this.process.close();
	}

}
