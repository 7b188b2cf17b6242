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
 * The {@link OffendersApplication} in a JVM of its own, from its start to its end.
 *
 * @param output what it printed
 */
record ForkedOffenders(String output) {

	private static final Pattern OFFENCE = Pattern.compile("(?m)^OFFENCE (\\w+) (\\d+) (\\d+)$");

	private static final Pattern HOTSPOT = Pattern.compile(
			"(?m)^HOTSPOT (\\w+) (\\d+) (\\d+) (\\S+) \\S+\\.(Offender\\$\\d+)\\.block\\(Offender\\.java:(\\d+)\\)$");

	/**
	 * Run it to its end.
	 * @param java the home of the JDK
	 * @param directory where to put its files
	 * @param jars which of the jars on our class path it gets
	 * @param arguments options of the JVM, then those of the application
	 */
	static ForkedOffenders run(Path java, Path directory, Predicate<String> jars, String... arguments)
			throws IOException, InterruptedException {
		Path log = directory.resolve("log");
		List<String> command = new ArrayList<>(List.of(java.resolve("bin/java").toString(), "-Xmx256m",
				"--enable-native-access=ALL-UNNAMED", "-Dpatience=20000", "-Dpipes=" + directory,
				"-Djava.io.tmpdir=" + directory, "-cp", classPath(jars)));
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

	/** The JDK of this build, or another one where the machine has it. */
	static Path jdk(int feature) throws IOException {
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

	boolean detects() {
		return this.output.contains("DETECTING true");
	}

	List<Offence> offences() {
		return OFFENCE.matcher(this.output)
			.results()
			.map((match) -> new Offence(Offender.valueOf(match.group(1)), Integer.parseInt(match.group(2)),
					micros(match.group(3))))
			.toList();
	}

	List<Seen> seen() {
		return HOTSPOT.matcher(this.output)
			.results()
			.map((match) -> new Seen(BlockingKind.valueOf(match.group(1)), Integer.parseInt(match.group(2)),
					micros(match.group(3)), match.group(4), match.group(5), Integer.parseInt(match.group(6))))
			.toList();
	}

	/** What was seen of an offender. */
	List<Seen> seen(Offender offender) {
		return seen().stream().filter((seen) -> seen.className().equals(nameOf(offender))).toList();
	}

	@SuppressWarnings("GetClassOnEnum") // each has a class of its own, for it has a
										// method of its own
	private static String nameOf(Offender offender) {
		String name = offender.getClass().getName();
		return name.substring(name.lastIndexOf('.') + 1);
	}

	List<String> innocents() {
		return this.output.lines().filter((line) -> line.startsWith("INNOCENT")).toList();
	}

	List<String> warnings() {
		return this.output.lines().filter((line) -> line.contains("Blocking calls on event loops")).toList();
	}

	private static Duration micros(String number) {
		return Duration.ofNanos(1000 * Long.parseLong(number));
	}

	/**
	 * What an offender did.
	 */
	record Offence(Offender offender, int line, Duration length) {
	}

	/**
	 * What a detector saw.
	 */
	record Seen(BlockingKind kind, int count, Duration length, String loop, String className, int line) {
	}

}
