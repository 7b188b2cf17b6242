package io.github.eventloop.actuate.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the jar lists its third-party libraries and their licences.
 */
class ThirdPartyTests {

	private static final Path VENDOR = Path.of("src/main/resources/io/github/eventloop/actuate/internal/page/vendor");

	/** A sentence of each licence that is unique to it. */
	private static final Map<String, String> LICENCES = Map.of("ISC",
			"Permission to use, copy, modify, and/or distribute this software for any purpose", "MIT",
			"Permission is hereby granted, free of charge, to any person", "BSD-3-Clause",
			"Neither the name of the author nor the names of contributors may be used", "Apache-2.0",
			"Apache License Version 2.0, January 2004");

	private static final Pattern REQUIRED = Pattern.compile("require\\(\"([^\"]+)\"\\)");

	private static final Pattern HEADER = Pattern.compile("(?m)^(?://|/\\*!).*?\\bv(\\d+\\.\\d+\\.\\d+)");

	@Test
	void billOfMaterialsShouldListAllFolders() throws IOException {
		try (Stream<Path> folders = Files.list(VENDOR)) {
			assertThat(folders.map((folder) -> folder.getFileName().toString()))
				.containsExactlyInAnyOrderElementsOf(components().stream().map(Component::name).toList());
		}
	}

	/** Libraries may be bundled into the script of the library that requires them. */
	@Test
	void billOfMaterialsShouldListLibrariesThatScriptsRequire() throws IOException {
		List<String> names = components().stream().map(Component::name).toList();
		for (Component component : components()) {
			assertThat(REQUIRED.matcher(component.scripts()).results().map((match) -> match.group(1)))
				.isSubsetOf(names);
		}
	}

	@ParameterizedTest
	@MethodSource("components")
	void versionShouldBeThatOfTheScript(Component component) throws IOException {
		assertThat(component.purl()).isEqualTo("pkg:npm/" + component.name() + "@" + component.version());
		List<MatchResult> headers = HEADER.matcher(component.scripts()).results().toList();
		assertThat(headers).extracting((header) -> header.group(1)).allMatch(component.version()::equals);
		if (component.name().startsWith("d3-") && !component.name().equals("d3-flame-graph")) {
			assertThat(headers).hasSize(1);
		}
	}

	@ParameterizedTest
	@MethodSource("components")
	void licenceShouldBeTheOneInTheJar(Component component) throws IOException {
		String text = Files.readString(VENDOR.resolve(component.name()).resolve("LICENSE"));
		assertThat(text).containsIgnoringCase("copyright");
		assertThat(LICENCES).containsKey(component.licence());
		LICENCES.forEach((licence, sentence) -> assertThat(text.replaceAll("\\s+", " ").contains(sentence)).as(licence)
			.isEqualTo(licence.equals(component.licence())));
	}

	@ParameterizedTest
	@MethodSource("components")
	void noticeShouldListComponent(Component component) throws IOException {
		assertThat(read("META-INF/THIRD-PARTY.txt").lines()).anyMatch((line) -> List.of(line.split(" +"))
			.subList(0, Math.min(3, line.split(" +").length))
			.equals(List.of(component.name(), component.version(), component.licence())));
	}

	static List<Component> components() throws IOException {
		return JsonMapper.shared()
			.readTree(read("META-INF/sbom/eventloop-page.cdx.json"))
			.get("components")
			.valueStream()
			.map(Component::of)
			.toList();
	}

	private static String read(String resource) throws IOException {
		return new ClassPathResource(resource).getContentAsString(StandardCharsets.UTF_8);
	}

	/**
	 * A third-party library.
	 */
	record Component(String name, String version, String licence, String purl) {

		static Component of(JsonNode node) {
			return new Component(node.get("name").asString(), node.get("version").asString(),
					node.at("/licenses/0/license/id").asString(), node.get("purl").asString());
		}

		String scripts() throws IOException {
			StringBuilder scripts = new StringBuilder();
			try (Stream<Path> files = Files.list(VENDOR.resolve(this.name))) {
				for (Path file : files.filter((each) -> each.toString().endsWith(".js")).toList()) {
					scripts.append(Files.readString(file)).append('\n');
				}
			}
			return scripts.toString();
		}

	}

}
