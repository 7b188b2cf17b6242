package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Property of the type {@link Duration}, as the configuration metadata describes it.
 *
 * @param name its name
 * @param defaultValue its default
 * @param type the class that it is bound to
 */
public record DurationProperty(String name, String defaultValue, Class<?> type) {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	private static final Pattern DASH = Pattern.compile("-(.)");

	/**
	 * Conversion of each class of properties to the settings that it is used for. New
	 * classes must be added here.
	 */
	private static final Map<Class<?>, Function<Object, Object>> SETTINGS = Map.of(EventLoopProperties.class,
			(properties) -> ((EventLoopProperties) properties).toMonitorSettings(), BlockingProperties.class,
			(properties) -> ((BlockingProperties) properties).toSettings(), HealthProperties.class,
			(properties) -> ((HealthProperties) properties).toSettings(Duration.ofSeconds(10)),
			LivenessProperties.class, (properties) -> ((LivenessProperties) properties).getStuckAfter(),
			SheddingProperties.class, (properties) -> ((SheddingProperties) properties).toLagPolicy(),
			CaptureProperties.class, (properties) -> ((CaptureProperties) properties).toStallThreshold());

	/** Return all properties of the type {@link Duration}. */
	public static List<DurationProperty> all() {
		List<DurationProperty> properties = new ArrayList<>();
		try {
			for (URL url : Collections.list(DurationProperty.class.getClassLoader().getResources(METADATA))) {
				try (InputStream metadata = url.openStream()) {
					JsonMapper.shared()
						.readTree(metadata)
						.get("properties")
						.valueStream()
						.filter(DurationProperty::isOfLibrary)
						.map(DurationProperty::of)
						.forEach(properties::add);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		assertThat(properties).isNotEmpty();
		return properties;
	}

	private static boolean isOfLibrary(JsonNode property) {
		return property.get("name").asString().startsWith("eventloop.")
				&& property.get("type").asString().equals(Duration.class.getName());
	}

	private static DurationProperty of(JsonNode property) {
		String name = property.get("name").asString();
		assertThat(property.has("defaultValue")).as("%s has a default", name).isTrue();
		String outermost = property.get("sourceType").asString().replaceFirst("\\$.*", "");
		return new DurationProperty(name, property.get("defaultValue").asString(),
				ClassUtils.resolveClassName(outermost, null));
	}

	/** The natural unit: seconds where the default is a second or more. */
	public ChronoUnit unit() {
		return (DurationStyle.detectAndParse(this.defaultValue).toSeconds() > 0) ? ChronoUnit.SECONDS
				: ChronoUnit.MILLIS;
	}

	@Nullable Object bind(String value) {
		String prefix = prefix();
		String path = this.name.substring(prefix.length() + 1);
		return new BeanWrapperImpl(bindAll(Map.of(this.name, value))).getPropertyValue(camelCase(path));
	}

	Object settings(Map<String, String> values) {
		Function<Object, Object> settings = SETTINGS.get(this.type);
		assertThat(settings).as("use of %s", this.type).isNotNull();
		return settings.apply(bindAll(values));
	}

	private Object bindAll(Map<String, String> values) {
		return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix(), this.type);
	}

	private String prefix() {
		ConfigurationProperties annotation = this.type.getAnnotation(ConfigurationProperties.class);
		assertThat(annotation).as("annotation of %s", this.type).isNotNull();
		return annotation.value();
	}

	private static String camelCase(String path) {
		return DASH.matcher(path).replaceAll((dash) -> dash.group(1).toUpperCase(Locale.ROOT));
	}

	@Override
	public String toString() {
		return this.name;
	}

}
