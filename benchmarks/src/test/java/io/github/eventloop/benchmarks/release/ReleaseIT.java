package io.github.eventloop.benchmarks.release;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import io.github.eventloop.benchmarks.ChildProcess;
import io.github.eventloop.benchmarks.Command;
import io.github.eventloop.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Rehearses a release with everything but the real credentials, and uses what it has
 * published in a project outside of this one, with Maven and with Gradle.
 */
class ReleaseIT {

	private static final String LIBRARY = "eventloop-spring-boot-autoconfigure";

	static final List<String> JARS = List.of(LIBRARY, "eventloop-spring-boot-starter", "eventloop-spring-boot-test");

	static final List<String> ARTIFACTS = Stream.concat(Stream.of("eventloop-bom"), JARS.stream()).toList();

	@TempDir
	private static Path directory;

	private static Rehearsal rehearsal;

	@BeforeAll
	static void rehearse() throws IOException {
		assumeThat(Program.find("git")).isPresent();
		assumeThat(Program.find("gpg")).isPresent();
		rehearsal = new Rehearsal(directory);
		rehearsal.release();
		rehearsal.publish();
	}

	@AfterAll
	static void end() {
		if (rehearsal != null) {
			rehearsal.end();
		}
	}

	@Test
	void releaseShouldBeTaggedAndDevelopmentContinued() throws IOException {
		String version = rehearsal.version();
		assertThat(rehearsal.git("ls-remote", "origin")).contains("refs/heads/main", "refs/tags/v" + version);
		assertThat(rehearsal.git("show", "v" + version + ":starter/pom.xml"))
			.contains("<version>%s</version>".formatted(version));
		assertThat(find(version + "-SNAPSHOT", "v" + version)).isEmpty();
		assertThat(rehearsal.git("show", "main:starter/pom.xml"))
			.contains("<version>%s-SNAPSHOT</version>".formatted(Rehearsal.NEXT));
		assertThat(find("-" + version + ".jar", "main")).as("jars that are built under another name").isEmpty();
		assertThat(rehearsal.git("show", "main:README.md")).contains("<version>%s</version>".formatted(version));
		assertThat(rehearsal.project().resolve("CHANGELOG.md")).content()
			.contains("## [Unreleased]\n\n## [" + version + "] - ");
		assertThat(Command.run(directory, "", List.of(rehearsal.project().resolve(".ci/notes").toString(), version)))
			.satisfies((notes) -> assertThat(notes.status()).isZero());
	}

	private static String find(String text, String revision) {
		return Command
			.run(rehearsal.project(), "",
					List.of("git", "grep", "-F", "-e", text, revision, "--", ".", ":!CHANGELOG.md"))
			.output();
	}

	@Test
	void whenReleasedAgainPagesShouldShowTheNewVersion() throws IOException {
		Path second = directory.resolve("second");
		assertThat(Command.run(directory, """
				git clone -q --bare project second-origin
				git clone -q second-origin second
				cd second
				git config user.name Rehearsal
				git config user.email rehearsal@example.org
				sed -i 's/^## \\[Unreleased]$/&\\n\\n- Something new./' CHANGELOG.md
				git commit -qam 'Describe something new'
				.ci/release 99.0.0 99.1.0
				""", List.of("bash", "-e")))
			.satisfies((result) -> assertThat(result.status()).as(result.output()).isZero());
		assertThat(second.resolve("README.md")).content()
			.contains("<version>99.0.0</version>", ":99.0.0'")
			.doesNotContain("<version>" + rehearsal.version(), ":" + rehearsal.version() + "'");
		assertThat(second.resolve(".mvn/maven.config")).content().isEqualTo("-Dapi.baseline=99.0.0\n");
	}

	@Test
	void nothingElseShouldBePublished() throws IOException {
		try (Stream<Path> artifacts = Files.list(rehearsal.artifacts())) {
			assertThat(artifacts).extracting((artifact) -> artifact.getFileName().toString())
				.containsExactlyInAnyOrderElementsOf(ARTIFACTS);
		}
	}

	@ParameterizedTest
	@FieldSource("ARTIFACTS")
	void pomShouldBeCompleteOnItsOwn(String artifact) throws IOException {
		assertThat(rehearsal.published(artifact, ".pom")).content()
			.contains("<name>", "<description>", "<url>https://", "<license>", "<developer>", "<scm")
			.doesNotContain("<parent>", "<build>", "<profile>", "<scope>test</scope>", "<repositories>");
		if (JARS.contains(artifact)) {
			assertThat(Files.readString(rehearsal.published(artifact, ".pom")).split("<dependency>", -1))
				.hasSizeGreaterThan(2)
				.allMatch((part) -> part.startsWith("<?xml") || part.contains("<version>"));
		}
	}

	@ParameterizedTest
	@FieldSource("ARTIFACTS")
	void filesShouldBeSignedAndHaveChecksums(String artifact) throws IOException {
		List<String> suffixes = JARS.contains(artifact)
				? List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json") : List.of(".pom");
		for (String suffix : suffixes) {
			assertThat(rehearsal.published(artifact, suffix)).isNotEmptyFile();
			assertThat(rehearsal.published(artifact, suffix + ".sha1")).isNotEmptyFile();
			rehearsal.gpg("--verify", rehearsal.published(artifact, suffix + ".asc").toString(),
					rehearsal.published(artifact, suffix).toString());
		}
	}

	@ParameterizedTest
	@FieldSource("JARS")
	void jarShouldStateItsVersionAndLicense(String artifact) throws IOException {
		try (JarFile jar = new JarFile(rehearsal.published(artifact, ".jar").toFile())) {
			assertThat(jar.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION))
				.isEqualTo(rehearsal.version());
			assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
			assertThat(jar.getEntry("META-INF/NOTICE")).isNotNull();
		}
	}

	@Test
	void javadocShouldDescribeTheApiOnly() throws IOException {
		try (JarFile javadoc = new JarFile(rehearsal.published(LIBRARY, "-javadoc.jar").toFile())) {
			assertThat(javadoc.stream()).extracting((page) -> page.getName())
				.anyMatch((page) -> page.endsWith("io/github/eventloop/monitor/EventLoopMonitor.html"))
				.noneMatch((page) -> page.contains("/internal/"));
		}
	}

	@Test
	void billOfMaterialsShouldListTheLibrariesOfThePage() throws IOException {
		assertThat(purls(Files.readString(rehearsal.published(LIBRARY, "-cyclonedx.json"))))
			.containsAll(purls(librariesOfThePage()))
			.anyMatch((purl) -> purl.startsWith("pkg:maven/org.springframework.boot/"));
	}

	private static String librariesOfThePage() throws IOException {
		try (JarFile jar = new JarFile(rehearsal.published(LIBRARY, ".jar").toFile());
				InputStream content = jar.getInputStream(jar.getEntry("META-INF/sbom/eventloop-page.cdx.json"))) {
			return new String(content.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private static List<String> purls(String json) {
		List<String> purls = Pattern.compile("\"purl\" ?: \"([^\"]+)\"")
			.matcher(json)
			.results()
			.map((MatchResult result) -> result.group(1))
			.toList();
		assertThat(purls).hasSizeGreaterThan(10);
		return purls;
	}

	@Test
	void applicationOutsideShouldStartWithTheLibrary() throws IOException, InterruptedException {
		OutsideProject project = new OutsideProject(rehearsal, Files.createDirectory(directory.resolve("outside")));
		shouldStart(project, project.buildWithMaven());
	}

	@Test
	void applicationOutsideWithGradleShouldStartWithTheLibrary() throws IOException, InterruptedException {
		assumeThat(Gradle.isAvailable()).as("what 'benchmarks/install gradle' installs").isTrue();
		OutsideProject project = new OutsideProject(rehearsal, Files.createDirectory(directory.resolve("gradle")));
		String classPath = project.buildWithGradle();
		assertThat(classPath).contains(rehearsal.published(LIBRARY, ".jar").toString())
			.doesNotContain("eventloop-spring-boot-test");
		shouldStart(project, classPath);
	}

	private static void shouldStart(OutsideProject project, String classPath) throws IOException, InterruptedException {
		try (ChildProcess application = project.start(classPath)) {
			application.await("^eventloop " + Pattern.quote(rehearsal.version()) + "$", Duration.ofMinutes(1));
			String port = application.await("Netty started on port (\\d+)", Duration.ofMinutes(1)).get(0).group(1);
			HttpResponse<String> response = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/eventloop")).build(),
						HttpResponse.BodyHandlers.ofString());
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).contains("\"status\":");
		}
	}

	/** In the development of the next version. */
	@Test
	void whenTheApiLosesAMethodTheBuildShouldFail() throws IOException {
		Path snapshot = rehearsal.project()
			.resolve("autoconfigure/src/main/java/io/github/eventloop/monitor/EventLoopSnapshot.java");
		String source = Files.readString(snapshot);
		Files.writeString(snapshot, source.replace("public EventLoopUsage since(", "EventLoopUsage since("));
		assertThat(snapshot).content().isNotEqualTo(source);
		try (ChildProcess build = rehearsal.maven(rehearsal.project(), "-pl", "autoconfigure", "-Dmaven.test.skip",
				"-Dcyclonedx.skip", "-Djacoco.skip", "-Dspring-javaformat.skip", "-Dcheckstyle.skip", "verify")) {
			build.await("^\\[INFO\\] BUILD FAILURE", Duration.ofMinutes(5));
			assertThat(build.output()).contains("japicmp", "METHOD_LESS_ACCESSIBLE",
					"io.github.eventloop.monitor.EventLoopSnapshot.since(");
		}
		finally {
			Files.writeString(snapshot, source);
		}
	}

	/** As {@code docs/releasing.md} describes it. */
	@Test
	void namespaceShouldBeChangedInOnePlace() throws IOException {
		Path copy = directory.resolve("renamed");
		assertThat(Command
			.run(directory, "", List.of("git", "clone", "-q", rehearsal.project().toString(), copy.toString()))
			.status()).isZero();
		String page = Files.readString(Program.ROOT.resolve("docs/releasing.md"));
		String commands = page.substring(page.indexOf("```shell\ngroup=") + "```shell\n".length());
		commands = commands.substring(0, commands.indexOf("```"));
		assertThat(Command.run(copy, commands, List.of("bash", "-e")))
			.satisfies((result) -> assertThat(result.status()).as(result.output()).isZero());
		assertThat(
				Command
					.run(copy, "",
							List.of("git", "grep", "-nE",
									">io\\.github\\.eventloop<|'io\\.github\\.eventloop:|github\\.com/eventloop"))
					.output())
			.isEmpty();
		try (ChildProcess build = rehearsal.maven(copy, "validate", "-Denforcer.skip")) {
			build.await("^\\[INFO\\] BUILD SUCCESS", Duration.ofMinutes(3));
		}
	}

}
