package io.github.eventloop.benchmarks.prometheus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.eventloop.benchmarks.process.ChildProcess;
import io.github.eventloop.benchmarks.process.Instance;
import io.github.eventloop.benchmarks.process.Program;

/**
 * A Prometheus server that scrapes instances as the job {@code shop}, once a second.
 * Thread-safe.
 */
final class Prometheus implements AutoCloseable {

	private static final Pattern LISTENING = Pattern.compile("msg=\"Listening on\" address=127.0.0.1:(\\d+)");

	private final ChildProcess process;

	private final QueryApi api;

	private Prometheus(ChildProcess process, int port) {
		this.process = process;
		this.api = new QueryApi("http://127.0.0.1:" + port);
	}

	/**
	 * Start Prometheus, and wait until it answers queries.
	 * @param instances the instances to scrape
	 * @param rules files with rules
	 * @param directory the directory for its files
	 * @return the running Prometheus
	 */
	static Prometheus start(List<Instance> instances, List<Path> rules, Path directory) {
		Path configuration = directory.resolve("prometheus.yml");
		try {
			Files.writeString(configuration, configuration(instances, rules));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		ChildProcess process = ChildProcess.start("prometheus", directory.resolve("prometheus.log"),
				List.of(Program.find("prometheus").orElseThrow().toString(), "--config.file=" + configuration,
						"--storage.tsdb.path=" + directory.resolve("data"), "--web.listen-address=127.0.0.1:0"));
		try {
			String log = process.await("its start",
					(output) -> output.contains("Server is ready") && LISTENING.matcher(output).find(),
					Duration.ofSeconds(30));
			return new Prometheus(process,
					LISTENING.matcher(log)
						.results()
						.map((line) -> Integer.parseInt(line.group(1)))
						.findFirst()
						.orElseThrow());
		}
		catch (RuntimeException ex) {
			process.close();
			throw ex;
		}
	}

	private static String configuration(List<Instance> instances, List<Path> rules) {
		return """
				global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
				rule_files: [%s]
				scrape_configs:
				  - job_name: shop
				    metrics_path: /actuator/prometheus
				    static_configs:
				      - targets: [%s]
				""".formatted(rules.stream().map(Path::toString).collect(Collectors.joining(", ")),
				instances.stream().map(Prometheus::target).collect(Collectors.joining(", ")));
	}

	/**
	 * Return the label {@code instance} of an instance.
	 * @param instance the instance
	 * @return address and port
	 */
	static String target(Instance instance) {
		return "127.0.0.1:" + instance.managementPort();
	}

	QueryApi api() {
		return this.api;
	}

	@Override
	public void close() {
		this.process.close();
	}

}
