package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests that the third-party libraries of the live page are identical to their npm
 * releases.
 */
@Timeout(120)
class VendorIT {

	private static final Path RESOURCES = Program.ROOT.resolve("autoconfigure/src/main/resources");

	private static final Path VENDOR = RESOURCES.resolve("io/github/eventloop/actuate/internal/page/vendor");

	private static final Path SBOM = RESOURCES.resolve("META-INF/sbom/eventloop-page.cdx.json");

	@TempDir
	private Path directory;

	@ParameterizedTest
	@MethodSource("libraries")
	void libraryShouldBeAsReleased(String name, String version) throws Exception {
		assumeTrue(Program.find("npm").isPresent(), "Needs npm: benchmarks/install npm");
		assumeTrue(run("npm", "pack", "--silent", name + "@" + version).status() == 0, "Needs an npm registry");
		assertThat(run("tar", "-xzf", name + "-" + version + ".tgz").status()).isZero();
		List<Path> files = filesOf(VENDOR.resolve(name));
		assertThat(files).extracting((file) -> file.getFileName().toString()).contains("LICENSE");
		for (Path file : files) {
			Path released = filesOf(this.directory.resolve("package")).stream()
				.filter((each) -> each.getFileName().equals(file.getFileName()))
				.findFirst()
				.orElseThrow(() -> new AssertionError(file + " is not part of " + name));
			assertThat(file).hasSameBinaryContentAs(released);
		}
	}

	static Stream<String[]> libraries() throws IOException {
		return JsonMapper.shared()
			.readTree(Files.readString(SBOM))
			.get("components")
			.valueStream()
			.map((library) -> new String[] { library.get("name").asString(), library.get("version").asString() });
	}

	private static List<Path> filesOf(Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter(Files::isRegularFile).toList();
		}
	}

	private Command run(String... command) {
		return Command.run(this.directory, "", List.of(command));
	}

}
