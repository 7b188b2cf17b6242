package io.github.eventloop.benchmarks.prometheus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.benchmarks.Command;
import io.github.eventloop.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for the dashboard against Grafana's own schema, which is defined in TypeScript: a
 * dashboard that is assigned to a constant of its type either compiles or is invalid.
 */
@Timeout(120)
class DashboardIT {

	private static final Path SCHEMA = Program.TOOLS.resolve("grafana-schema");

	/** The names of panel types in the schema. */
	private static final Map<String, String> PANELS = new TreeMap<>(Map.of("timeseries", "TimeSeries", "stat", "Stat",
			"heatmap", "Heatmap", "state-timeline", "StateTimeline"));

	/** Enumeration constants are plain strings in JSON. */
	private static final String PLAIN = "type Plain<T> = T extends string ? `${T}` "
			+ ": T extends object ? { [K in keyof T]: Plain<T[K]> } : T;\n";

	@BeforeEach
	void requireSchema() {
		assumeThat(SCHEMA.resolve("node_modules/.bin/tsc"))
			.as("Grafana's schema, which 'benchmarks/install grafana-schema' installs")
			.exists();
	}

	@Test
	void dashboardShouldFollowTheSchema() throws IOException {
		Command compiled = compile(Docs.text(Docs.DASHBOARD));
		assertThat(compiled.status()).as("%s", compiled.output()).isZero();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			"refresh": 2         | "refresh": "two"
			"gridPos"            | "gridpos"
			"displayMode": "list"| "displayMode": "long"
			"lineWidth": 1       | "linewidth": 1
			"unit": "s"          | "unit": 1
			""")
	void whenDashboardIsWrongCompilerShouldRejectIt(String right, String wrong) throws IOException {
		String text = Docs.text(Docs.DASHBOARD);
		assertThat(text).contains(right);
		Command compiled = compile(text.replace(right, wrong));
		assertThat(compiled.status()).isNotZero();
		assertThat(compiled.output()).contains("error TS");
	}

	private Command compile(String json) throws IOException {
		StringBuilder source = new StringBuilder("import type { Dashboard } from '@grafana/schema';\n");
		PANELS.forEach((type, name) -> source.append(
				"import type * as %s from '@grafana/schema/dist/esm/raw/composable/%s/panelcfg/x/%sPanelCfg_types.gen';%n"
					.formatted(name, type.replace("-", ""), name)));
		source.append(PLAIN).append("export const dashboard: Plain<Dashboard> = ").append(json).append(";\n");
		for (JsonNode panel : new Dashboard(JsonMapper.shared().readTree(json)).panels()) {
			String type = PANELS.get(Dashboard.type(panel));
			assertThat(type).as(Dashboard.type(panel)).isNotNull();
			constant(source, panel, "options", type + ".Options", panel.get("options"));
			JsonNode custom = panel.at("/fieldConfig/defaults/custom");
			if (custom.isObject()) {
				constant(source, panel, "custom", type + ".FieldConfig", custom);
			}
		}
		// In the directory of the modules that it imports.
		Files.writeString(SCHEMA.resolve("dashboard.ts"), source);
		return Command.run(SCHEMA, "", List.of("node_modules/.bin/tsc", "--noEmit", "--skipLibCheck", "--strict",
				"--module", "esnext", "--moduleResolution", "bundler", "dashboard.ts"));
	}

	private static void constant(StringBuilder source, JsonNode panel, String name, String type, JsonNode value) {
		source.append("export const %s%d: Plain<%s> = %s;%n".formatted(name, panel.get("id").asInt(), type,
				value.toString()));
	}

}
