package io.github.eventloop.documentation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties as a page shows them.
 */
final class PropertiesSnippet {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	/** Prefixes of properties that are not on the class path of this test. */
	private static final List<String> ELSEWHERE = List.of("management.otlp.", "management.opentelemetry.");

	/** Types by name of the property. */
	private static final Map<String, String> TYPES = types();

	private PropertiesSnippet() {
	}

	/**
	 * Fail if a property is not in the configuration metadata of the class path, or has a
	 * value that cannot be converted.
	 */
	static void check(String text) throws IOException {
		Properties properties = PropertiesLoaderUtils
			.loadProperties(new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)));
		assertThat(properties).isNotEmpty();
		properties.forEach((name, value) -> check(name.toString(), value.toString()));
	}

	/** Fail if a property is unknown, or cannot have this value. */
	static void check(String name, String value) {
		assertThat(isKnown(name)).as("%s is a property", name).isTrue();
		String type = TYPES.getOrDefault(name, "java.util.Map").replaceFirst("<.*", "");
		if (name.startsWith("eventloop.") && !type.startsWith("java.util.")) {
			Class<?> target = ClassUtils.resolveClassName(type, PropertiesSnippet.class.getClassLoader());
			Object converted = ApplicationConversionService.getSharedInstance()
				.convert(value, TypeDescriptor.valueOf(String.class), TypeDescriptor.valueOf(target));
			assertThat(converted).as("value of %s", name).isNotNull();
		}
	}

	/** Whether the metadata has a property, or a map of which it is an entry. */
	static boolean isKnown(String name) {
		return TYPES.containsKey(name) || ELSEWHERE.stream().anyMatch(name::startsWith)
				|| TYPES.entrySet()
					.stream()
					.anyMatch((property) -> property.getValue().startsWith("java.util.Map")
							&& name.startsWith(property.getKey() + "."));
	}

	private static Map<String, String> types() {
		Map<String, String> types = new TreeMap<>();
		try {
			for (URL url : Collections.list(PropertiesSnippet.class.getClassLoader().getResources(METADATA))) {
				try (InputStream metadata = url.openStream()) {
					JsonMapper.shared()
						.readTree(metadata)
						.get("properties")
						.valueStream()
						.forEach((property) -> types.put(property.get("name").asString(),
								property.path("type").asString("")));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return types;
	}

}
