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
 * The dashboard of {@code docs/grafana}. Immutable.
 *
 * @param content what is in the file
 */
record Dashboard(JsonNode content) {

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

	/** What Grafana has in their place when all is chosen. */
	private static final Map<String, String> VARIABLES = Map.of("$__rate_interval", "15s", "$job", ".*", "$instance",
			".*", "$loop", ".*");

	static Dashboard read() {
		return new Dashboard(JsonMapper.shared().readTree(Docs.text(Docs.DASHBOARD)));
	}

	/** All panels, without the rows that they stand under. */
	List<JsonNode> panels() {
		return this.content.get("panels").valueStream().filter((panel) -> !type(panel).equals("row")).toList();
	}

	static String type(JsonNode panel) {
		return panel.get("type").asString();
	}

	/** All queries of panels and variables, as Prometheus gets them. */
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
	 * @param label the label whose values are wanted, or {@code null} for numbers
	 */
	record Query(String of, String expression, @Nullable String label) {

		@Override
		public String toString() {
			return this.of + ": " + this.expression;
		}

	}

}
