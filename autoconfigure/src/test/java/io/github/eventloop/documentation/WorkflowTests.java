package io.github.eventloop.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Version;
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
import org.springframework.boot.SpringBootVersion;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@code .github} that need no more than the files of the project.
 */
class WorkflowTests {

	private static final Path ROOT = Path.of("..");

	private static final Path GITHUB = ROOT.resolve(".github");

	private static final Pattern USES = Pattern.compile("uses: (.*)");

	private static final Pattern SCRIPT = Pattern.compile("(?<![\\w/.])(\\.ci/[a-z.]+)");

	private static final Pattern SETTING = Pattern.compile("(?:secrets|vars)\\.([A-Z_]+)");

	/** An environment variable, except the one that GitHub's own program reads. */
	private static final Pattern VARIABLE = Pattern.compile("(?m)^ +(?!GH_TOKEN)([A-Z_]+): ");

	@ParameterizedTest
	@MethodSource("workflows")
	void actionsShouldBePinnedToACommit(Path workflow) throws IOException {
		assertThat(groups(USES, workflow)).isNotEmpty()
			.allMatch((action) -> action.matches("actions/[a-z-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"));
	}

	@Test
	void actionsShouldHaveOneVersion() throws IOException {
		List<String> actions = workflows().flatMap((workflow) -> groups(USES, workflow).stream()).distinct().toList();
		assertThat(actions.stream().map((action) -> action.split("@", 2)[0])).doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@MethodSource("workflows")
	void workflowShouldOnlyRead(Path workflow) throws IOException {
		assertThat(yaml(workflow).get("permissions")).isEqualTo(Map.of("contents", "read"));
		// With the token of a pull request from a fork, and the permissions of the
		// project.
		assertThat(workflow).content().doesNotContain("pull_request_target");
	}

	@ParameterizedTest
	@MethodSource("workflows")
	void jobsShouldHaveALimit(Path workflow) throws IOException {
		Map<String, Map<String, Object>> jobs = map(yaml(workflow).get("jobs"));
		assertThat(jobs).isNotEmpty().allSatisfy((name, job) -> assertThat(job).containsKey("timeout-minutes"));
	}

	@ParameterizedTest
	@MethodSource("workflows")
	void scriptsShouldExist(Path workflow) {
		assertThat(groups(SCRIPT, workflow)).allSatisfy((script) -> assertThat(ROOT.resolve(script)).exists());
		assertThat(groups(Pattern.compile("run: (?:sudo .* )?(\\.ci/[a-z]+)"), workflow))
			.allSatisfy((script) -> assertThat(ROOT.resolve(script)).isExecutable());
	}

	@ParameterizedTest
	@MethodSource("workflows")
	void settingsShouldBeDocumented(Path workflow) {
		String documented = Page.of("docs/releasing.md").tables("setting").get(0).rows().toString();
		assertThat(groups(SETTING, workflow)).allMatch(documented::contains);
	}

	@ParameterizedTest
	@MethodSource("workflows")
	void variablesShouldBeReadByAScript(Path workflow) throws IOException {
		String scripts;
		try (Stream<Path> files = Files.list(ROOT.resolve(".ci"))) {
			scripts = files.map(WorkflowTests::text).toList().toString();
		}
		assertThat(groups(VARIABLE, workflow))
			.allSatisfy((variable) -> assertThat(scripts).containsPattern("\\$\\{(env\\.)?" + variable + "\\b"));
	}

	@Test
	void onlyTheReleaseShouldReadSecrets() throws IOException {
		assertThat(workflows().filter((workflow) -> !groups(Pattern.compile("(secrets\\.)"), workflow).isEmpty()))
			.extracting((workflow) -> workflow.getFileName().toString())
			.containsExactly("release.yml");
	}

	@Test
	void snapshotsShouldBeLaterThanWhatIsTested() throws IOException {
		String nightly = Files.readString(GITHUB.resolve("workflows/nightly.yml"));
		assertLater(nightly, "boots: (\\S+)-SNAPSHOT", SpringBootVersion.getVersion());
		assertLater(nightly, "-Dnetty\\.version=(\\S+)\\.Final-SNAPSHOT",
				io.netty.util.Version.identify().get("netty-transport").artifactVersion().replace(".Final", ""));
		assertThat(nightly).containsPattern("-Dreactor-bom\\.version=\\S+-SNAPSHOT");
	}

	private static void assertLater(String text, String pattern, String tested) {
		String snapshot = Pattern.compile(pattern).matcher(text).results().findFirst().orElseThrow().group(1);
		assertThat(Version.parse(snapshot)).isGreaterThan(Version.parse(tested));
	}

	@Test
	void everyModuleOfTheBuildShouldBeUpdated() throws IOException {
		Map<String, List<Map<String, Object>>> dependabot = map(yaml(GITHUB.resolve("dependabot.yml")));
		assertThat(dependabot.get("updates")).extracting((update) -> update.get("package-ecosystem"))
			.containsExactlyInAnyOrder("maven", "npm", "github-actions");
	}

	@Test
	void formOfBugsShouldAskForWhatTheEndpointOffers() throws IOException {
		Map<String, List<Map<String, Object>>> form = map(yaml(GITHUB.resolve("ISSUE_TEMPLATE/bug.yml")));
		assertThat(form.get("body")).extracting((field) -> field.get("id"))
			.contains("what", "versions", "diagnosis", "endpoint", "conditions");
	}

	@ParameterizedTest
	@MethodSource("forms")
	void formShouldBeYaml(Path form) throws IOException {
		assertThat(yaml(form)).isNotEmpty();
	}

	static Stream<Path> workflows() throws IOException {
		return files("workflows");
	}

	static Stream<Path> forms() throws IOException {
		return files("ISSUE_TEMPLATE");
	}

	private static Stream<Path> files(String directory) throws IOException {
		try (Stream<Path> files = Files.list(GITHUB.resolve(directory))) {
			return files.sorted().toList().stream();
		}
	}

	/** A workflow without comments on lines of their own. */
	private static String text(Path file) {
		try {
			return Files.readString(file).replaceAll("(?m)^ *#.*\n", "");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> groups(Pattern pattern, Path file) {
		return pattern.matcher(text(file)).results().map((MatchResult result) -> result.group(1)).toList();
	}

	private static Map<String, Object> yaml(Path file) throws IOException {
		return new Yaml().load(Files.readString(file));
	}

	/** The compiler cannot know what YAML contains. */
	@SuppressWarnings("unchecked")
	private static <T> Map<String, T> map(Object value) {
		return (Map<String, T>) value;
	}

}
