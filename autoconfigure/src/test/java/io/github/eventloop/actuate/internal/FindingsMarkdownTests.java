package io.github.eventloop.actuate.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.eventloop.finding.Confidence;
import io.github.eventloop.finding.Evidence;
import io.github.eventloop.finding.Finding;
import io.github.eventloop.finding.Findings;
import io.github.eventloop.finding.Severity;
import io.github.eventloop.stall.Culprit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FindingsMarkdown}.
 */
class FindingsMarkdownTests {

	private static final Instant AT = Instant.parse("2026-01-01T03:00:00Z");

	@Test
	void shouldContainWhatTheJsonContains() {
		String markdown = markdown(List.of(finding("Loops are blocked", "load")), null);
		assertThat(markdown.lines()).contains("# Event loop diagnosis",
				"## 1. WARNING: Loops are blocked, at com.acme.Prices.load(Prices.java:42)",
				"`blocking-call`, confidence HIGH, see docs/findings.md#blocking-call",
				"- from 2026-01-01T02:59:00Z to 2026-01-01T03:00:00Z", "- event loops: `loop-1`",
				"- stalls: 3, of which in progress 1; total 900 ms, longest 400 ms; 75 % of the lag of all stalls;"
						+ " requests in flight up to 4; newest stall 9",
				"- line: `com.acme.Prices.load (Prices.java:42)`", "- routes: `/prices/{id}`", "- held by other",
				"**Do now**: Act.", "**Cure**: Do not load.", "## Checked", "- 4 loops", "## Not checked", "- pools");
	}

	@Test
	void whenDetailsAreHiddenShouldNotContainThem() {
		assertThat(markdown(List.of(finding("Loops are blocked", "load")), "Ask an operator."))
			.contains("**Cure**: Cure.", "Ask an operator.")
			.doesNotContain("com.acme")
			.doesNotContain("/prices")
			.doesNotContain("held by")
			.doesNotContain("Do not load");
	}

	@Test
	void namesShouldNotBecomeMarkup() {
		String hostile = "`x` <img src=x> [y](http://z) *b*\n# heading";
		String markdown = markdown(List.of(finding(hostile, "a`b<c>\n# d")), null);
		assertThat(markdown).doesNotContain("<img")
			.doesNotContain("[y](")
			.doesNotContain("\n# h")
			.doesNotContain("\n# d");
		assertThat(markdown.lines().filter((line) -> line.startsWith("- line: "))).singleElement()
			.asString()
			.matches("- line: `[^`]*`");
	}

	@Test
	void shouldNeverBeLargerThanItsLimit() {
		String title = "ä".repeat(2_000);
		String markdown = markdown(Collections.nCopies(10, finding(title, "load")), null);
		assertThat(markdown.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(FindingsMarkdown.MAX_BYTES);
		assertThat(markdown).contains("## 1. WARNING").endsWith("the JSON has all of it.\n");
	}

	@Test
	void whenNothingIsWrongShouldTell() {
		assertThat(markdown(List.of(), null)).contains("Nothing is wrong with the event loops.", "- 4 loops");
	}

	private static String markdown(List<Finding> findings, String hint) {
		return FindingsMarkdown.of(FindingsDescriptor
			.of(new Findings(AT, Duration.ofMinutes(5), findings, List.of("4 loops"), List.of("pools")), hint));
	}

	private static Finding finding(String title, String method) {
		Evidence.Stalls stalls = new Evidence.Stalls(3, 1, Duration.ofMillis(900), Duration.ofMillis(400), 0.75, 4, 9);
		Culprit culprit = new Culprit("com.acme.Prices", method, "Prices.java", 42);
		Evidence evidence = new Evidence(AT.minusSeconds(60), AT, List.of("loop-1"), List.of(), stalls,
				new Evidence.Code(culprit, null, List.of("/prices/{id}"), List.of("held by other"), "Do not load."));
		return new Finding("blocking-call", Severity.WARNING, title, evidence, Confidence.HIGH, "Act.", "Cure.");
	}

}
