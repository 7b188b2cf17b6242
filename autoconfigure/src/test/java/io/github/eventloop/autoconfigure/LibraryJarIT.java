package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.shedding.LagSheddingPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the content of the jar that build tools, editors and Spring Boot read. Runs
 * when the jar is built, with the jar on the class path.
 */
class LibraryJarIT {

	private static final String IMPORTS = "META-INF/spring/" + AutoConfiguration.class.getName() + ".imports";

	/** Defaults that adapt to another property, so that the class has none. */
	private static final Map<String, @Nullable Object> ADAPTING = Map.of("eventloop.shedding.start-lag",
			LagSheddingPolicy.DEFAULT.startLag(), "eventloop.shedding.full-lag", LagSheddingPolicy.DEFAULT.fullLag());

	private static final String PROPERTIES = """
			eventloop.acceptor.dedicated                     | java.lang.Boolean  | false
			eventloop.blocking.detector                      | io.github.eventloop.autoconfigure.BlockingProperties$Detector | none
			eventloop.blocking.threshold                     | java.time.Duration | 1ms
			eventloop.capture.directory                      | java.lang.String   | eventloop-captures
			eventloop.capture.enabled                        | java.lang.Boolean  | false
			eventloop.capture.stall-threshold                | java.time.Duration | 2s
			eventloop.drill.enabled                          | java.lang.Boolean  | false
			eventloop.drivers.count-in-status                | java.lang.Boolean  | false
			eventloop.drivers.grpc.enabled                   | java.lang.Boolean  | true
			eventloop.drivers.lettuce.enabled                | java.lang.Boolean  | true
			eventloop.drivers.mongo.enabled                  | java.lang.Boolean  | true
			eventloop.drivers.tcp.enabled                    | java.lang.Boolean  | true
			eventloop.enabled                                | java.lang.Boolean  | true
			eventloop.foreign.discovery                      | java.lang.Boolean  | true
			eventloop.foreign.enabled                        | java.lang.Boolean  | true
			eventloop.health.leave-within                    | java.time.Duration | 30s
			eventloop.health.max-out-of-service              | java.time.Duration | 1m
			eventloop.health.overloaded-p99                  | java.time.Duration | 200ms
			eventloop.health.recover-after                   | java.time.Duration | 5s
			eventloop.health.startup-grace                   | java.time.Duration | 30s
			eventloop.health.stuck-after                     | java.time.Duration | 2s
			eventloop.history                                | java.time.Duration | 15m
			eventloop.liveness.enabled                       | java.lang.Boolean  | false
			eventloop.liveness.stuck-after                   | java.time.Duration | 60s
			eventloop.management.isolated                    | java.lang.Boolean  | true
			eventloop.management.match-base-path-first       | java.lang.Boolean  | true
			eventloop.pacing.enabled                         | java.lang.Boolean  | false
			eventloop.placement                              | io.github.eventloop.netty.Placement | round-robin
			eventloop.readiness.close-connections            | java.lang.Boolean  | true
			eventloop.readiness.enabled                      | java.lang.Boolean  | true
			eventloop.readiness.fleet                        | io.github.eventloop.autoconfigure.ReadinessProperties$Fleet | none
			eventloop.readiness.min-available                | java.lang.String   | 60%
			eventloop.shedding.enabled                       | java.lang.Boolean  | false
			eventloop.shedding.exclude                       | java.util.List<java.lang.String> |
			eventloop.shedding.full-lag                      | java.time.Duration | 200ms
			eventloop.shedding.high-priority                 | java.util.List<java.lang.String> |
			eventloop.shedding.low-priority                  | java.util.List<java.lang.String> |
			eventloop.shedding.policy                        | io.github.eventloop.autoconfigure.SheddingProperties$Policy | adaptive
			eventloop.shedding.priority-header               | java.lang.String   |
			eventloop.shedding.start-lag                     | java.time.Duration | 50ms
			eventloop.stall.application-packages             | java.util.List<java.lang.String> |
			eventloop.stall.threshold                        | java.time.Duration | 100ms
			eventloop.window                                 | java.time.Duration | 10s
			eventloop.workers.enabled                        | java.lang.Boolean  | false
			management.endpoint.eventloop.access             | org.springframework.boot.actuate.endpoint.Access | unrestricted
			management.endpoint.eventloop.roles              | java.util.Set<java.lang.String> |
			management.endpoint.eventloop.show-details       | io.github.eventloop.actuate.ShowDetails | when-local-or-authorized
			management.health.eventloop.enabled              | java.lang.Boolean  | true
			""";

	private static Path path;

	private static JarFile jar;

	@BeforeAll
	static void open() throws IOException, URISyntaxException {
		path = Path.of(EventLoopAutoConfiguration.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		assertThat(path.toString()).endsWith(".jar");
		jar = new JarFile(path.toFile());
	}

	@AfterAll
	static void close() throws IOException {
		jar.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = PROPERTIES)
	void metadataShouldDescribeProperty(String name, String type, String defaultValue) throws IOException {
		assertThat(properties()).filteredOn((property) -> text(property, "name").equals(name))
			.singleElement()
			.satisfies((property) -> {
				assertThat(text(property, "type")).isEqualTo(type);
				assertThat(text(property, "description")).endsWith(".");
				assertThat(text(property, "defaultValue")).isEqualTo(defaultValue);
			});
	}

	@Test
	void metadataShouldHoldNothingElse() throws IOException {
		assertThat(properties()).extracting((property) -> text(property, "name"))
			.containsExactlyInAnyOrderElementsOf(PROPERTIES.lines().map((line) -> line.split(" ", 2)[0]).toList());
	}

	@ParameterizedTest
	@MethodSource
	void metadataShouldHoldTheDefaultOfTheClass(String name, String sourceType, @Nullable String defaultValue)
			throws ReflectiveOperationException {
		Object source = Class.forName(sourceType).getDeclaredConstructor().newInstance();
		BeanWrapper bean = new BeanWrapperImpl(source);
		assertThat(bean.getPropertyDescriptors())
			.filteredOn((property) -> name.endsWith("." + DataObjectPropertyName.toDashedForm(property.getName())))
			.singleElement()
			.satisfies((property) -> assertThat(
					ADAPTING.getOrDefault(name, emptyToNull(bean.getPropertyValue(property.getName()))))
				.isEqualTo(ApplicationConversionService.getSharedInstance()
					.convert(defaultValue, property.getPropertyType())));
	}

	/** The metadata cannot express an empty collection. */
	private static @Nullable Object emptyToNull(@Nullable Object value) {
		return (value instanceof Collection<?> collection && collection.isEmpty()) ? null : value;
	}

	static List<Arguments> metadataShouldHoldTheDefaultOfTheClass() throws IOException {
		List<Arguments> properties = properties().stream()
			.filter((property) -> property.path("sourceType")
				.asString("")
				.startsWith("io.github.eventloop.autoconfigure."))
			.map((property) -> Arguments.of(text(property, "name"), text(property, "sourceType"),
					text(property, "defaultValue")))
			.toList();
		assertThat(properties).hasSizeGreaterThan(10);
		return properties;
	}

	@Test
	void everyAutoConfigurationShouldBeListed() throws IOException {
		List<String> autoConfigurations = jar.stream()
			.map(JarEntry::getName)
			.filter((name) -> name.endsWith(".class"))
			.map((name) -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
			.filter((name) -> ClassUtils.resolveClassName(name, null).isAnnotationPresent(AutoConfiguration.class))
			.toList();
		assertThat(autoConfigurations).hasSizeGreaterThan(3);
		assertThat(read(IMPORTS).lines()).containsExactlyInAnyOrderElementsOf(autoConfigurations);
	}

	@Test
	void everyAutoConfigurationShouldHaveItsConditionsInTheIndex() throws IOException {
		Properties index = new Properties();
		index.load(new StringReader(read("META-INF/spring-autoconfigure-metadata.properties")));
		assertThat(read(IMPORTS).lines()).allMatch(index::containsKey)
			.allMatch((name) -> index.stringPropertyNames()
				.stream()
				.anyMatch((key) -> key.startsWith(name + ".Conditional")));
	}

	@Test
	void shouldBeAModule() {
		assertThat(ModuleFinder.of(path).find("io.github.eventloop")).isPresent();
	}

	@Test
	void shouldContainTheLicense() throws IOException {
		assertThat(read("META-INF/LICENSE")).contains("Apache License", "Version 2.0");
	}

	private static List<JsonNode> properties() throws IOException {
		return JsonMapper.shared()
			.readTree(read("META-INF/spring-configuration-metadata.json"))
			.get("properties")
			.valueStream()
			.toList();
	}

	private static @Nullable String text(JsonNode node, String name) {
		return node.hasNonNull(name) ? node.get(name).asString() : null;
	}

	private static String read(String name) throws IOException {
		ZipEntry entry = jar.getEntry(name);
		assertThat(entry).as(name).isNotNull();
		try (InputStream content = jar.getInputStream(entry)) {
			return new String(content.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
