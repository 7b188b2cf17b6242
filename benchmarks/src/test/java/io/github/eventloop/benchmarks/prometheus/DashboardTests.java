package io.github.eventloop.benchmarks.prometheus;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the dashboard that need no other tools.
 */
class DashboardTests {

	private final Dashboard dashboard = Dashboard.read();

	@Test
	void everyPanelShouldHaveADescription() {
		assertThat(this.dashboard.panels()).isNotEmpty()
			.allSatisfy((panel) -> assertThat(panel.get("description").asString()).isNotBlank());
	}

	@Test
	void panelsShouldNotOverlapAndShouldHaveIdsOfTheirOwn() {
		List<JsonNode> panels = this.dashboard.content().get("panels").valueStream().toList();
		Set<Integer> ids = panels.stream().map((panel) -> panel.get("id").asInt()).collect(Collectors.toSet());
		assertThat(ids).hasSameSizeAs(panels);
		boolean[][] taken = new boolean[500][24];
		for (JsonNode panel : panels) {
			JsonNode place = panel.get("gridPos");
			for (int y = place.get("y").asInt(); y < place.get("y").asInt() + place.get("h").asInt(); y++) {
				for (int x = place.get("x").asInt(); x < place.get("x").asInt() + place.get("w").asInt(); x++) {
					assertThat(taken[y][x]).as("%s at %d, %d", panel.get("title"), x, y).isFalse();
					taken[y][x] = true;
				}
			}
		}
	}

	/** It serves no application requests, and would lower every mean. */
	@Test
	void fleetAndInstancesShouldExcludeTheManagementLoop() {
		assertThat(this.dashboard.queries()).filteredOn((query) -> query.label() == null)
			.filteredOn((query) -> !query.expression().contains("name=~"))
			.filteredOn((query) -> query.expression().contains("eventloop_"))
			.filteredOn((query) -> !query.expression().matches(".*eventloop_(out_of_service|pauses|shed|blocking)_?.*"))
			.hasSizeGreaterThan(15)
			.allSatisfy((query) -> assertThat(query.expression()).contains("group!=\"management-http\""));
	}

}
