package io.github.eventloop.documentation;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.autoconfigure.DurationProperty;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the documentation lists the same properties as the configuration metadata in
 * the jar, with the same defaults, that a page names a value to set for each of them, and
 * that the metadata has hints.
 */
class ConfigurationDocumentationTests {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	/** Pages that list all properties, or former ones. */
	private static final Set<String> ELSEWHERE = Set.of("README.md", "CHANGELOG.md", "docs/configuration.md");

	private static final Set<Class<?>> SELF_EXPLANATORY = Set.of(Boolean.class, Double.class, Duration.class);

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	@Test
	void tablesShouldListEveryPropertyWithItsDefault() throws IOException {
		assertThat(propertiesOn("docs/configuration.md")).isNotEmpty().isEqualTo(propertiesInMetadata());
	}

	@Test
	void readmeShouldListSixPropertiesAndLinkToTheOthers() throws IOException {
		assertThat(propertiesOn("README.md")).hasSize(6);
		assertThat(propertiesInMetadata()).containsAllEntriesOf(propertiesOn("README.md"));
		assertThat(Page.of("README.md").links()).contains("docs/configuration.md");
	}

	@Test
	void thresholdsShouldBeTheDefaults() throws IOException {
		assertThat(propertiesOn("docs/health.md")).isNotEmpty();
		assertThat(propertiesInMetadata()).containsAllEntriesOf(propertiesOn("docs/health.md"));
	}

	@Test
	void bareNumbersShouldBeInTheUnitsThatAreDocumented() {
		Map<String, String> units = new TreeMap<>();
		Page.of("docs/configuration.md")
			.tables("a bare number is in")
			.forEach((table) -> table.rows()
				.forEach((row) -> CODE.matcher(row.get("properties below `eventloop.`"))
					.results()
					.forEach((name) -> units.put("eventloop." + name.group(1), row.get("a bare number is in")))));
		Map<String, String> expected = new TreeMap<>();
		DurationProperty.all()
			.forEach((property) -> expected.put(property.name(),
					(property.unit() == ChronoUnit.SECONDS) ? "seconds" : "milliseconds"));
		assertThat(units).isEqualTo(expected);
	}

	@ParameterizedTest
	@MethodSource("properties")
	void pageShouldNameAValueToSetOtherThanTheDefault(JsonNode property) throws IOException {
		Pattern setting = Pattern.compile("\\b" + Pattern.quote(property.get("name").asString()) + "=([^`\\s]+)");
		assertThat(Page.all()
			.filter((page) -> !ELSEWHERE.contains(page.toString()))
			.flatMap((page) -> setting.matcher(String.join("\n", page.lines())).results())
			.map((value) -> value.group(1))).isNotEmpty()
			.anyMatch((value) -> !value.equals(property.path("defaultValue").asString("")));
	}

	@ParameterizedTest
	@MethodSource("properties")
	void propertyWhoseTypeDoesNotExplainItsValuesShouldHaveHints(JsonNode property) throws IOException {
		String name = property.get("name").asString();
		Class<?> type = ClassUtils.resolveClassName(property.get("type").asString().replaceFirst("<.*", ""), null);
		if (SELF_EXPLANATORY.contains(type)) {
			return;
		}
		assertThat(metadata("hints")).filteredOn((hint) -> hint.get("name").asString().equals(name))
			.singleElement()
			.satisfies((hint) -> {
				assertThat(hint.get("values")).isNotEmpty()
					.allSatisfy((value) -> assertThat(value.get("description").asString()).endsWith("."));
				List<String> values = hint.get("values")
					.valueStream()
					.map((value) -> value.get("value").asString())
					.toList();
				values.forEach((value) -> PropertiesSnippet.check(name, value));
				if (type.isEnum()) {
					assertThat(values).containsExactlyInAnyOrderElementsOf(Arrays.stream(type.getEnumConstants())
						.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
						.toList());
				}
				else {
					// The values are examples: an editor must accept all others, too.
					assertThat(hint.at("/providers/0/name").asString("")).isEqualTo("any");
				}
			});
	}

	@Test
	void hintsShouldBeOfExistingProperties() throws IOException {
		assertThat(metadata("hints")).isNotEmpty()
			.extracting((hint) -> "`" + hint.get("name").asString() + "`")
			.isSubsetOf(propertiesInMetadata().keySet());
	}

	private static Map<String, String> propertiesOn(String page) {
		Map<String, String> properties = new TreeMap<>();
		Page.of(page)
			.tables("property")
			.forEach((table) -> table.rows().forEach((row) -> properties.put(row.get("property"), row.get("default"))));
		return properties;
	}

	private static Map<String, String> propertiesInMetadata() throws IOException {
		Map<String, String> properties = new TreeMap<>();
		properties()
			.forEach((property) -> properties.put("`" + property.get("name").asString() + "`", defaultValue(property)));
		return properties;
	}

	static List<JsonNode> properties() throws IOException {
		return metadata("properties");
	}

	private static List<JsonNode> metadata(String items) throws IOException {
		List<JsonNode> all = new ArrayList<>();
		for (URL url : Collections
			.list(ConfigurationDocumentationTests.class.getClassLoader().getResources(METADATA))) {
			try (InputStream metadata = url.openStream()) {
				JsonMapper.shared()
					.readTree(metadata)
					.path(items)
					.valueStream()
					.filter(ConfigurationDocumentationTests::isOfLibrary)
					.forEach(all::add);
			}
		}
		return all;
	}

	private static boolean isOfLibrary(JsonNode item) {
		return item.get("name").asString().matches("(eventloop|management\\.(endpoint|health)\\.eventloop)\\..*");
	}

	private static String defaultValue(JsonNode property) {
		return property.has("defaultValue") ? "`" + property.get("defaultValue").asString() + "`" : "unset";
	}

}
