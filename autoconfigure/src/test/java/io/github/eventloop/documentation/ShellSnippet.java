package io.github.eventloop.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Commands as a page shows them. A test of the sample sends the requests of those that
 * call it.
 */
final class ShellSnippet {

	private static final Path ROOT = Path.of("..");

	/** Prefix of a command, and its first word. */
	private static final Pattern COMMAND = Pattern
		.compile("(?:^|[;|&(]|\\bdo\\b|\\bin\\b \\$\\()[ \t]*([a-zA-Z_][\\w./-]*)(?=[ =(]|$)", Pattern.MULTILINE);

	private static final Pattern MODULES = Pattern.compile("mvn [^\n]*-pl ([\\w,-]+)");

	private static final Pattern TEST = Pattern.compile("mvn [^\n]*-D(?:it\\.)?test=(\\w+)");

	private static final Pattern JAR = Pattern.compile("-jar ([\\w/.-]+)");

	private static final Pattern FILE = Pattern.compile("(?:^|\\s)(docs/[\\w/.-]+)(?=\\s|$)", Pattern.MULTILINE);

	private static final Pattern EVENT = Pattern.compile("io\\.github\\.eventloop\\.([A-Z]\\w+)");

	/** Runs of {@code benchmarks/run}, also in text. */
	private static final Pattern RUN = Pattern.compile("benchmarks/run ([a-z]+)((?: --[a-z-]+(?:=[\\w-]+)?)*)");

	private static final Pattern OPTION = Pattern.compile("--([a-z-]+)");

	/**
	 * Commands that are either checked below, or part of the system and independent of
	 * this project.
	 */
	private static final Set<String> KNOWN = Set.of("mvn", "java", "curl", "jcmd", "jfr", "benchmarks/run",
			"benchmarks/install", "kubectl", "promtool", "sed", "grep", "printf", "sleep", "seq", "kill", "for", "git",
			"xargs", "gpg", "while", "do", "done");

	private ShellSnippet() {
	}

	/**
	 * Fail if a command is unknown, or refers to something that does not exist.
	 */
	static void check(String text) {
		String commands = text.replaceAll("(?m)(^|\\s)#.*$", "")
			.replaceAll("\\$\\(\\(.*?\\)\\)", "0")
			.replaceAll("'[^']*'|\"[^\"]*\"", "''");
		List<String> own = groups(Pattern.compile("(?m)^(\\w+)(?:\\(\\)|=)"), commands);
		assertThat(groups(COMMAND, commands))
			.filteredOn((command) -> !own.contains(command) && !commands.contains(command + "="))
			.as("commands")
			.isSubsetOf(KNOWN);
		assertThat(groups(MODULES, text)).flatExtracting((modules) -> List.of(modules.split(",", -1)))
			.allSatisfy((module) -> assertThat(ROOT.resolve(module).resolve("pom.xml")).exists());
		assertThat(groups(TEST, text)).allMatch(Sources::declare);
		assertThat(groups(JAR, text)).allSatisfy((jar) -> assertThat(jar)
			.isEqualTo("sample-webflux-app/target/eventloop-sample-webflux-app-%s.jar", Pom.version()));
		assertThat(groups(FILE, text)).allSatisfy((file) -> assertThat(ROOT.resolve(file)).exists());
		assertThat(groups(EVENT, text)).allSatisfy((event) -> assertThat(Sources.declare(event + "Event")).isTrue());
		checkRuns(text);
	}

	/** Fail if a run, or one of its options, does not exist. */
	static void checkRuns(String text) {
		RUN.matcher(text).results().forEach((run) -> {
			String main = runs().filter((line) -> line.startsWith(run.group(1) + "|"))
				.findFirst()
				.orElseThrow(() -> new AssertionError("There is no " + run.group()))
				.split("\\|", -1)[1];
			assertThat(groups(OPTION, run.group(2)))
				.isSubsetOf(
						Stream
							.concat(Stream.of("docs"),
									Sources.find(main.replaceFirst(".*\\.", ""), Pattern.compile("\"([a-z-]+)\""))
										.stream())
							.toList());
		});
	}

	private static Stream<String> runs() {
		try {
			return Files.readAllLines(ROOT.resolve("benchmarks/run")).stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> groups(Pattern pattern, String text) {
		return pattern.matcher(text).results().map((MatchResult result) -> result.group(1)).toList();
	}

}
