package io.github.eventloop.benchmarks.prometheus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The dashboard in {@code docs/grafana}. Immutable.
 *
 * @param content the content of the file
 */
record Dashboard(JsonNode content) {

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

	/** The values that Grafana substitutes when all are selected. */
	private static final Map<String, String> VARIABLES = Map.of("$__rate_interval", "15s", "$job", ".*", "$instance",
			".*", "$loop", ".*");

	static Dashboard read() {
		return new Dashboard(JsonMapper.shared().readTree(Docs.text(Docs.DASHBOARD)));
	}

	/** All panels, without rows. */
	List<JsonNode> panels() {
		return this.content.get("panels").valueStream().filter((panel) -> !type(panel).equals("row")).toList();
	}

	static String type(JsonNode panel) {
		return panel.get("type").asString();
	}

	/** All queries of panels and variables, as sent to Prometheus. */
	List<Query> queries() {
		List<Query> queries = new ArrayList<>();
		for (JsonNode panel : panels()) {
			panel.get("targets")
				.forEach((target) -> queries
					.add(new Query(panel.get("title").asString(), substitute(target.get("expr").asString()), null)));
		}
		for (JsonNode variable : this.content.at("/templating/list")) {
			Matcher matcher = LABEL_VALUES.matcher(variable.at("/query/query").asString(""));
			if (matcher.matches()) {
				queries.add(new Query("$" + variable.get("name").asString(), substitute(matcher.group(1)),
						matcher.group(2)));
			}
		}
		return queries;
	}

	private static String substitute(String expression) {
		String substituted = expression;
		for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
			substituted = substituted.replace(variable.getKey(), variable.getValue());
		}
		return substituted;
	}

	/**
	 * A query.
	 *
	 * @param of the panel or variable
	 * @param expression in PromQL
	 * @param label the label whose values are queried, or {@code null} for numbers
	 */
	record Query(String of, String expression, @Nullable String label) {

		@Override
		public String toString() {
			return this.of + ": " + this.expression;
		}

	}

}
