package io.github.eventloop.benchmarks.prometheus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.yaml.snakeyaml.Yaml;

/**
 * The files in {@code docs} about tools.
 */
final class Docs {

	/** The working directory of unit tests is that of the module. */
	private static final Path DOCS = Path.of(System.getProperty("benchmarks.root", ".."), "docs")
		.toAbsolutePath()
		.normalize();

	static final Path PAGE = DOCS.resolve("prometheus.md");

	static final Path RECORDING_RULES = DOCS.resolve("prometheus/recording-rules.yaml");

	static final Path ALERT_RULES = DOCS.resolve("prometheus/alert-rules.yaml");

	static final Path RECORDING_RULES_TEST = DOCS.resolve("prometheus/recording-rules.test.yaml");

	static final Path ALERT_RULES_TEST = DOCS.resolve("prometheus/alert-rules.test.yaml");

	static final Path DASHBOARD = DOCS.resolve("grafana/eventloop.json");

	private Docs() {
	}

	/**
	 * Read a file.
	 * @param file the file
	 * @return its content
	 */
	static String text(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Read rules.
	 * @param file one of the files above
	 * @return the rules
	 */
	@SuppressWarnings("unchecked")
	static List<Map<String, Object>> rules(Path file) {
		Map<String, List<Map<String, Object>>> content = new Yaml().load(text(file));
		return content.get("groups")
			.stream()
			.flatMap((group) -> ((List<Map<String, Object>>) group.get("rules")).stream())
			.toList();
	}

	/**
	 * Read the test cases of alerts.
	 * @return the checks of all alerts
	 */
	@SuppressWarnings("unchecked")
	static List<Map<String, Object>> alertCases() {
		Map<String, Object> content = new Yaml().load(text(ALERT_RULES_TEST));
		return ((List<Map<String, Object>>) content.get("tests")).stream()
			.flatMap((test) -> ((List<Map<String, Object>>) test.get("alert_rule_test")).stream())
			.toList();
	}

	/**
	 * Read the table of meters.
	 * @return name, type and unit of each meter
	 */
	static List<Meter> meters() {
		return text(DOCS.resolve("meters.md")).lines()
			.filter((line) -> line.startsWith("| `eventloop."))
			.map((line) -> line.split("\\|"))
			.map((cells) -> new Meter(cells[1].strip().replace("`", ""), cells[2].strip(), cells[3].strip()))
			.toList();
	}

	/**
	 * Read the headings of the runbook.
	 * @return the anchors of the headings
	 */
	static List<String> runbookAnchors() {
		return text(DOCS.resolve("runbook.md")).lines()
			.filter((line) -> line.startsWith("## "))
			.map((line) -> line.substring(3).toLowerCase(Locale.ROOT))
			.toList();
	}

	/**
	 * A row of the table of meters.
	 *
	 * @param name the name in Micrometer
	 * @param type {@code timer}, {@code gauge} or {@code counter}
	 * @param unit {@code seconds}, or empty
	 */
	record Meter(String name, String type, String unit) {

		/**
		 * Return the name in Prometheus.
		 * @return the name, without the suffix of a counter
		 */
		String family() {
			return this.name.replace('.', '_') + (this.unit.isEmpty() ? "" : "_" + this.unit);
		}

	}

}
