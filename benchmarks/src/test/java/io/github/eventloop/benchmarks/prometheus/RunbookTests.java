package io.github.eventloop.benchmarks.prometheus;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that each alert links to the runbook and has test cases.
 */
class RunbookTests {

	private final List<Map<String, Object>> alerts = Docs.rules(Docs.ALERT_RULES);

	@Test
	void everyAlertShouldLinkToItsParagraph() {
		assertThat(this.alerts).isNotEmpty().allSatisfy((alert) -> {
			Map<?, ?> annotations = (Map<?, ?>) alert.get("annotations");
			assertThat(annotations.keySet()).as("%s", alert.get("alert"))
				.isEqualTo(Set.of("summary", "description", "runbook_url"));
			assertThat(annotations.get("runbook_url"))
				.isEqualTo("docs/runbook.md#" + name(alert).toLowerCase(Locale.ROOT));
		});
	}

	@Test
	void runbookShouldHaveAParagraphForEveryAlertAndNoOther() {
		assertThat(Docs.runbookAnchors()).containsExactlyInAnyOrderElementsOf(
				this.alerts.stream().map((alert) -> name(alert).toLowerCase(Locale.ROOT)).toList());
	}

	@Test
	void everyAlertShouldHaveAFiringAndANonFiringTestCase() {
		assertThat(this.alerts).allSatisfy((alert) -> {
			List<List<?>> expected = Docs.alertCases()
				.stream()
				.filter((test) -> test.get("alertname").equals(name(alert)))
				.<List<?>>map((test) -> (List<?>) test.get("exp_alerts"))
				.toList();
			assertThat(expected).as("%s", name(alert)).anyMatch(List::isEmpty).anyMatch((alerts) -> !alerts.isEmpty());
		});
	}

	private static String name(Map<String, Object> alert) {
		return alert.get("alert").toString();
	}

}
