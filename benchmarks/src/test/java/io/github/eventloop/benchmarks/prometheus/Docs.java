package io.github.eventloop.benchmarks.prometheus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.yaml.snakeyaml.Yaml;

import io.github.eventloop.benchmarks.Program;

/**
 * The files in {@code docs} about tools.
 */
final class Docs {

	private static final Path DOCS = Program.ROOT.resolve("docs");

	static final Path PAGE = DOCS.resolve("prometheus.md");

	static final Path RECORDING_RULES = DOCS.resolve("prometheus/recording-rules.yaml");

	static final Path ALERT_RULES = DOCS.resolve("prometheus/alert-rules.yaml");

	static final Path RECORDING_RULES_TEST = DOCS.resolve("prometheus/recording-rules.test.yaml");

	static final Path ALERT_RULES_TEST = DOCS.resolve("prometheus/alert-rules.test.yaml");

	static final Path DASHBOARD = DOCS.resolve("grafana/eventloop.json");

	private Docs() {
	}

	static String text(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Path write(Path file, String text) {
		try {
			return Files.writeString(file, text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Read the rules of a file. */
	static List<Map<String, Object>> rules(Path file) {
		Map<String, Object> content = new Yaml().load(text(file));
		return list(content, "groups").stream().flatMap((group) -> list(group, "rules").stream()).toList();
	}

	/** Read the checks of all alerts. */
	static List<Map<String, Object>> alertCases() {
		Map<String, Object> content = new Yaml().load(text(ALERT_RULES_TEST));
		return list(content, "tests").stream().flatMap((test) -> list(test, "alert_rule_test").stream()).toList();
	}

	@SuppressWarnings("unchecked") // as in these files
	private static List<Map<String, Object>> list(Map<String, Object> content, String key) {
		return (List<Map<String, Object>>) content.get(key);
	}

	/** Read the table of meters. */
	static List<Meter> meters() {
		return text(DOCS.resolve("meters.md")).lines()
			.filter((line) -> line.startsWith("| `eventloop."))
			.map((line) -> line.split("\\|"))
			.map((cells) -> new Meter(cells[1].strip().replace("`", ""), cells[2].strip(), cells[3].strip()))
			.toList();
	}

	/** Return the anchors of the headings of the runbook. */
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

		/** Return the name in Prometheus, without the suffix of a counter. */
		String family() {
			return this.name.replace('.', '_') + (this.unit.isEmpty() ? "" : "_" + this.unit);
		}

	}

}
