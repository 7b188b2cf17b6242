package io.github.eventloop.blocking;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Assumptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A completed run of the {@link OffendersApplication} in a separate JVM.
 *
 * @param output the output of the application
 */
public record ForkedOffenders(String output) {

	private static final Pattern CALL = Pattern.compile("(?m)^CALL (\\w+) (\\d+) (\\d+)$");

	private static final Pattern HOTSPOT = Pattern.compile(
			"(?m)^HOTSPOT (\\w+) (\\d+) (\\d+) (\\S+) \\S+\\.(Offender\\$\\d+)\\.block\\(Offender\\.java:(\\d+)\\)$");

	/**
	 * Run the application until it ends.
	 * @param java the home of the JDK
	 * @param directory the directory for its files
	 * @param jars selects its class path from that of the tests
	 * @param arguments options of the JVM, then those of the application
	 */
	public static ForkedOffenders run(Path java, Path directory, Predicate<String> jars, String... arguments)
			throws IOException, InterruptedException {
		Path log = directory.resolve("log");
		List<String> command = new ArrayList<>(List.of(java.resolve("bin/java").toString(), "-Xmx256m",
				"-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-Dtimeout=20000",
				"-Dpipes=" + directory, "-Djava.io.tmpdir=" + directory, "-cp", classPath(jars)));
		Arrays.stream(arguments).filter((argument) -> !isProperty(argument)).forEach(command::add);
		command.add(OffendersApplication.class.getName());
		Arrays.stream(arguments).filter(ForkedOffenders::isProperty).forEach(command::add);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		try {
			assertThat(process.waitFor(250, TimeUnit.SECONDS)).as(() -> read(log)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		ForkedOffenders forked = new ForkedOffenders(read(log));
		assertThat(forked.output).contains("STOPPED");
		return forked;
	}

	private static boolean isProperty(String argument) {
		return argument.startsWith("--eventloop.");
	}

	private static String classPath(Predicate<String> jars) {
		// Reactor Netty prefers io_uring wherever it finds this jar.
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((path) -> !path.contains("native-io_uring"))
			.filter(jars)
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static String read(Path log) {
		try {
			return Files.readString(log);
		}
		catch (IOException ex) {
			throw new IllegalStateException("No log at " + log, ex);
		}
	}

	/** Return the home of a JDK: that of this build if it fits, or an installed one. */
	public static Path jdk(int feature) throws IOException {
		if (Runtime.version().feature() == feature) {
			return Path.of(System.getProperty("java.home"));
		}
		List<Path> found = new ArrayList<>();
		Path installed = Path.of("/usr/lib/jvm");
		if (Files.isDirectory(installed)) {
			try (DirectoryStream<Path> homes = Files.newDirectoryStream(installed)) {
				for (Path home : homes) {
					if (isJdk(home, feature)) {
						found.add(home);
					}
				}
			}
		}
		Assumptions.assumeFalse(found.isEmpty(), "There is no JDK " + feature + " in " + installed);
		return found.get(0);
	}

	private static boolean isJdk(Path home, int feature) throws IOException {
		Path release = home.resolve("release");
		return Files.isRegularFile(release) && Files.readString(release).contains("JAVA_VERSION=\"" + feature + ".");
	}

	public boolean detects() {
		return this.output.contains("DETECTING true");
	}

	public List<Call> calls() {
		return CALL.matcher(this.output)
			.results()
			.map((match) -> new Call(Offender.valueOf(match.group(1)), Integer.parseInt(match.group(2)),
					micros(match.group(3))))
			.toList();
	}

	public List<Detected> detected() {
		return HOTSPOT.matcher(this.output)
			.results()
			.map((match) -> new Detected(BlockingKind.valueOf(match.group(1)), Integer.parseInt(match.group(2)),
					micros(match.group(3)), match.group(4), match.group(5), Integer.parseInt(match.group(6))))
			.toList();
	}

	/** Return what was detected of an offender. */
	public List<Detected> detected(Offender offender) {
		return detected().stream().filter((each) -> each.className().equals(nameOf(offender))).toList();
	}

	@SuppressWarnings("GetClassOnEnum") // each constant has a class body
	private static String nameOf(Offender offender) {
		String name = offender.getClass().getName();
		return name.substring(name.lastIndexOf('.') + 1);
	}

	public List<String> falsePositives() {
		return this.output.lines().filter((line) -> line.startsWith("FALSE_POSITIVE")).toList();
	}

	public List<String> warnings() {
		return this.output.lines().filter((line) -> line.contains("Blocking calls on event loops")).toList();
	}

	private static Duration micros(String number) {
		return Duration.ofNanos(1000 * Long.parseLong(number));
	}

	/**
	 * A blocking call that was made.
	 */
	public record Call(Offender offender, int line, Duration length) {
	}

	/**
	 * Blocking calls that were detected.
	 */
	public record Detected(BlockingKind kind, int count, Duration length, String loop, String className, int line) {
	}

}
