package io.github.eventloop.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Coordinates of artifacts on pages and in the POMs of the project.
 */
final class Pom {

	private static final Path ROOT = Path.of("..");

	private static final Pattern DEPENDENCY = Pattern
		.compile("<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>(?:\\s*<version>([^<]+)</version>)?");

	private static final Pattern GRADLE = Pattern
		.compile("(?:i|testI)mplementation (?:platform\\()?'([^:']+):([^:']+):([^:']+)'");

	private static final List<String> MODULES = List.of(".", "bom", "autoconfigure", "starter", "test",
			"sample-webflux-app", "benchmarks");

	private static final String ALL = String.join("\n", MODULES.stream().map(Pom::read).toList());

	private Pom() {
	}

	/** Return the version of the project. */
	static String version() {
		return first("<version>([^<]+)</version>", read("starter"));
	}

	/**
	 * Return the version that pages show: that of the project, or during development
	 * after the first release, the last release, which the API is compared with.
	 */
	private static String documentedVersion() {
		Path configuration = ROOT.resolve(".mvn/maven.config");
		return (version().endsWith("-SNAPSHOT") && Files.exists(configuration))
				? first("-Dapi\\.baseline=(\\S+)", text(configuration)) : version();
	}

	private static String first(String pattern, String text) {
		Matcher matcher = Pattern.compile(pattern).matcher(text);
		assertThat(matcher.find()).isTrue();
		return matcher.group(1);
	}

	/**
	 * Fail if a snippet names an artifact that is neither one of the project nor in one
	 * of its POMs, or has a different version.
	 */
	static void check(String text) {
		Matcher artifact = (text.contains("<") ? DEPENDENCY : GRADLE).matcher(text);
		assertThat(artifact.results()).as("artifacts").isNotEmpty().allSatisfy((result) -> {
			String group = result.group(1);
			if (group.equals(first("<groupId>([^<]+)</groupId>", read("starter")))) {
				assertThat(ALL).contains("<artifactId>" + result.group(2) + "</artifactId>");
				assertThat(result.group(3)).isEqualTo(documentedVersion());
			}
			else if (result.group(3) != null) {
				assertThat(ALL).contains("<artifactId>" + result.group(2) + "</artifactId>")
					.containsPattern("version>" + Pattern.quote(result.group(3)) + "</");
			}
			else {
				assertThat(group).as("managed by Spring Boot").matches("org\\.springframework\\.boot|io\\.micrometer");
			}
		});
	}

	private static String read(String module) {
		return text(ROOT.resolve(module).resolve("pom.xml"));
	}

	private static String text(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
