package io.github.eventloop.documentation;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.convert.ConversionFailedException;
import org.yaml.snakeyaml.Yaml;

import io.github.eventloop.stall.internal.advice.AdviceSnippet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests that each fenced block on each page is of a kind that is checked, and is right as
 * far as this can be determined without running it.
 */
class SnippetTests {

	private static final Pattern PROPERTY = Pattern
		.compile("`((?:eventloop|management\\.(?:endpoint|health)\\.eventloop)\\.[a-z0-9.-]+)=([^`…]+)`");

	/** YAML that is not configuration of an application, by its first key. */
	private static final List<String> OTHER_YAML = List.of("readinessProbe", "livenessProbe", "rules", "metrics",
			"scrape_configs", "rule_files", "groups", "serviceAccountName");

	@ParameterizedTest
	@MethodSource("snippets")
	void snippetShouldBeRight(Snippet snippet) throws IOException {
		check(snippet.language(), snippet.text());
	}

	@ParameterizedTest
	@MethodSource("pages")
	void runsInTheTextShouldExist(Page page) {
		ShellSnippet.checkRuns(String.join("\n", page.lines()));
	}

	@ParameterizedTest
	@MethodSource("pages")
	void propertiesInTheTextShouldExistAndAcceptTheirValue(Page page) {
		PROPERTY.matcher(String.join("\n", page.lines()))
			.results()
			.forEach((setting) -> PropertiesSnippet.check(setting.group(1), setting.group(2)));
	}

	@Test
	void classesOfOneNumberShouldExist() {
		assertThat(Page.of("docs/one-number.md").lines()).filteredOn((line) -> line.startsWith("| "))
			.flatExtracting((line) -> Pattern.compile("`([A-Z]\\w+)`")
				.matcher(line)
				.results()
				.map((name) -> name.group(1))
				.toList())
			.isNotEmpty()
			.allMatch(Sources::declare);
	}

	/** Tests the checks themselves: each of these mistakes must be found. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			cobol      | DISPLAY 'x'
			java       | int unheardOf = 1;
			json       | { "hotspots": [], "unknown": 1 }
			json       | { "detector": "none" }
			json       | { "detector": 1, "calls": [] }
			json       | { "hotspots": [{ "cause": "LAZY", … }] }
			properties | eventloop.windo=10s
			properties | eventloop.window=ten
			yaml       | eventloop: { windo: 10s }
			xml        | ~<groupId>io.github.eventloop</groupId><artifactId>eventloop</artifactId><version>1</version>~
			groovy     | ~implementation 'io.github.eventloop:eventloop-spring-boot-starter:0.0.1'~
			groovy     | ~testImplementation 'io.github.eventloop:eventloop-spring-boot-junit:0.1.0-SNAPSHOT'~
			shell      | mvn -pl no-such-module verify
			shell      | benchmarks/run nothing
			shell      | benchmarks/run balancer --unknown=1
			shell      | frobnicate --all
			shell      | sh docs/nowhere.sh
			text       | LAZY -> Work harder.
			text       | anything
			~~         | INFO … i.g.eventloop.health.NoSuchClass : Out of service: event loops are STUCK
			~~         | INFO … i.g.eventloop.health.EventLoopHealth : Gone fishing
			~~         | eventloop_unknown_total 1
			~~         | {"status":"OUT_OF_SERVICE"} 200
			~~         | anything
			""")
	void mistakesShouldBeFound(String language, String text) {
		assertThatThrownBy(() -> check((language != null) ? language : "", text)).isInstanceOfAny(AssertionError.class,
				ConversionFailedException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "`bad-luck`, confidence HIGH, see docs/findings.md#bad-luck",
			"`computing`, confidence HIGH, see docs/faults.md#computing" })
	void mistakesInADiagnosisShouldBeFound(String finding) {
		assertThatThrownBy(() -> check("", "# Event loop diagnosis\n" + finding)).isInstanceOf(AssertionError.class);
	}

	private static void check(String language, String text) throws IOException {
		switch (language) {
			case "java" ->
				assertThat(Arrays.stream(text.split("\n *\n", -1))).as("paragraphs, all of which are compiled")
					.allMatch(Sources::contain);
			case "json" -> JsonSnippet.check(text);
			case "properties" -> PropertiesSnippet.check(text);
			case "yaml" -> checkYaml(text);
			case "xml", "groovy" -> Pom.check(text);
			case "shell" -> ShellSnippet.check(text);
			case "text" -> AdviceSnippet.check(text);
			case "mermaid" -> assertThat(text).startsWith("stateDiagram-v2");
			case "" -> PlainSnippet.check(text);
			default -> throw new AssertionError("Nothing checks a block of '%s'".formatted(language));
		}
	}

	private static void checkYaml(String text) {
		Map<String, Object> yaml = new Yaml().load(text);
		if (!OTHER_YAML.contains(yaml.keySet().iterator().next())) {
			flatten("", yaml);
		}
	}

	private static void flatten(String prefix, Object value) {
		if (value instanceof Map<?, ?> map) {
			map.forEach((name, each) -> flatten(prefix.isEmpty() ? name.toString() : prefix + "." + name, each));
		}
		else {
			PropertiesSnippet.check(prefix, value.toString());
		}
	}

	static Stream<Snippet> snippets() throws IOException {
		return pages().flatMap((page) -> page.snippets().stream());
	}

	static Stream<Page> pages() throws IOException {
		return Stream.concat(Page.all(), Stream.of(Page.of("benchmarks/README.md")));
	}

}
