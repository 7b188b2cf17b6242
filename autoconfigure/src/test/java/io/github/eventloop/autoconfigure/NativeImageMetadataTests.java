package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the metadata that a native image build reads from the jar: of what the
 * library accesses by reflection in other libraries, and of its resources outside of the
 * endpoint.
 */
class NativeImageMetadataTests {

	private static final String FILE = "META-INF/native-image/io.github.eventloop/eventloop-spring-boot-autoconfigure/"
			+ "reachability-metadata.json";

	private final ClassLoader classLoader = getClass().getClassLoader();

	@Test
	void typesShouldHaveTheMembers() throws Exception {
		List<JsonNode> present = metadata().get("reflection")
			.valueStream()
			.filter((type) -> ClassUtils.isPresent(type.get("type").asString(), this.classLoader))
			.toList();
		assertThat(present).extracting((type) -> type.get("type").asString())
			.containsExactlyInAnyOrder("io.lettuce.core.resource.DefaultClientResources$Builder",
					"reactor.netty.http.server.HttpServerOperationsTerminatedEvent");
		for (JsonNode type : present) {
			Class<?> loaded = ClassUtils.forName(type.get("type").asString(), this.classLoader);
			type.path("fields")
				.valueStream()
				.map((field) -> field.get("name").asString())
				.forEach((name) -> assertThat(ReflectionUtils.findField(loaded, name)).as(name).isNotNull());
		}
	}

	@Test
	void resourcesShouldBeThoseOfTheAdvice() throws IOException {
		List<String> globs = metadata().get("resources")
			.valueStream()
			.map((resource) -> resource.get("glob").asString())
			.toList();
		assertThat(globs).containsExactly("io/github/eventloop/stall/internal/advice/advice.txt",
				"META-INF/eventloop/advice.txt");
		assertThat(this.classLoader.getResource(globs.get(0))).isNotNull();
	}

	private JsonNode metadata() throws IOException {
		try (InputStream file = this.classLoader.getResourceAsStream(FILE)) {
			return JsonMapper.shared().readTree(file);
		}
	}

}
