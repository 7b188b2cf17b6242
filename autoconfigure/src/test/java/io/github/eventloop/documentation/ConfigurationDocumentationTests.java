package io.github.eventloop.documentation;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.autoconfigure.DurationProperty;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the documentation lists the same properties as the configuration metadata in
 * the jar, with the same defaults.
 */
class ConfigurationDocumentationTests {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	@ParameterizedTest
	@ValueSource(strings = { "README.md", "docs/configuration.md" })
	void tablesShouldListEveryPropertyWithItsDefault(String page) throws IOException {
		assertThat(propertiesOn(page)).isNotEmpty().isEqualTo(propertiesInMetadata());
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

	private static Map<String, String> propertiesOn(String page) {
		Map<String, String> properties = new TreeMap<>();
		Page.of(page)
			.tables("property")
			.forEach((table) -> table.rows().forEach((row) -> properties.put(row.get("property"), row.get("default"))));
		return properties;
	}

	private static Map<String, String> propertiesInMetadata() throws IOException {
		Map<String, String> properties = new TreeMap<>();
		for (URL url : Collections
			.list(ConfigurationDocumentationTests.class.getClassLoader().getResources(METADATA))) {
			try (InputStream metadata = url.openStream()) {
				JsonMapper.shared()
					.readTree(metadata)
					.get("properties")
					.valueStream()
					.filter(ConfigurationDocumentationTests::isOfLibrary)
					.forEach((property) -> properties.put("`" + property.get("name").asString() + "`",
							defaultValue(property)));
			}
		}
		return properties;
	}

	private static boolean isOfLibrary(JsonNode property) {
		return property.get("name").asString().matches("(eventloop|management\\.(endpoint|health)\\.eventloop)\\..*");
	}

	private static String defaultValue(JsonNode property) {
		return property.has("defaultValue") ? "`" + property.get("defaultValue").asString() + "`" : "unset";
	}

}
