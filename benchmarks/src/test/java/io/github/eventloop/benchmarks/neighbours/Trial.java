package io.github.eventloop.benchmarks.neighbours;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.ChildProcess;
import io.github.eventloop.benchmarks.Command;
import io.github.eventloop.benchmarks.Http;
import io.github.eventloop.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * An application of a new user, which has the starter on its class path, what it needs
 * itself, and nothing else: neither code nor properties for the library.
 */
final class Trial implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(90);

	private final ChildProcess process;

	private final String url;

	private Trial(ChildProcess process, String url) {
		this.process = process;
		this.url = url;
	}

	/** Compile and start an application, or skip the test if its jars are missing. */
	static Trial start(String name, Path directory, String... properties) throws Exception {
		Path jars = Program.TOOLS.resolve("trial-" + name);
		assumeThat(jars).as("Needs the jars of an application: benchmarks/install trial-" + name).isDirectory();
		Path source = Path.of(Objects.requireNonNull(Trial.class.getResource(name + "/Shop.java"), name).toURI());
		Path classes = Files.createDirectory(directory.resolve("classes"));
		Command compilation = Command.run(directory, "", List.of(Program.jdk("javac"), "-parameters", "-cp",
				jars + "/*", "-d", classes.toString(), source.toString()));
		assertThat(compilation.status()).as(compilation.output()).isZero();
		List<String> command = new ArrayList<>(List.of(Program.jdk("java"), "--enable-native-access=ALL-UNNAMED", "-cp",
				String.join(File.pathSeparator, classes.toString(), library(), jars + "/*"), "com.example.shop.Shop",
				"--server.address=127.0.0.1", "--server.port=0", "--spring.output.ansi.enabled=never"));
		Stream.of(properties).map("--"::concat).forEach(command::add);
		ChildProcess process = ChildProcess.start(name, directory, command);
		// The message that a new user sees.
		String url = process.await("StartupLog.*; page at (http://.*)/actuator/eventloop", TIMEOUT).get(0).group(1);
		return new Trial(process, url);
	}

	/** Return the library and its starter, as the class path of this JVM has them. */
	private static String library() {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> entry.matches(".*/(autoconfigure|starter)/target/.*"))
			.collect(Collectors.joining(File.pathSeparator));
	}

	String get(String path) {
		return Http.get(this.url + path);
	}

	JsonNode eventLoops(String view) {
		return Http.json(this.url + "/actuator/eventloop" + view);
	}

	void awaitLog(String text) {
		this.process.await(Pattern.quote(text), TIMEOUT);
	}

	/** Wait for a stall of a loop that a callback has blocked. */
	JsonNode awaitStall(String loop) {
		return Objects.requireNonNull(Awaitility.await()
			.atMost(TIMEOUT)
			.until(() -> eventLoops("/stalls").get("stalls")
				.valueStream()
				.filter((stall) -> stall.get("loop").asString().startsWith(loop)
						&& stall.get("cause").asString().equals("SLEEPING") && !stall.get("inProgress").asBoolean())
				.findFirst()
				.orElse(null), Objects::nonNull));
	}

	@Override
	public void close() {
		this.process.close();
	}

}
