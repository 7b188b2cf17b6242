package io.github.eventloop.benchmarks;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Spring Boot application that is started in a separate JVM. Not thread-safe.
 */
public final class Application {

	/**
	 * Works around reactor-netty#4361: Reactor Netty 1.3.7 may stop reading from a
	 * persistent connection.
	 */
	static final String KEEP_READING = "-Dreactor.netty.http.server.lastFlushWhenNoRead=true";

	/** Loopback, any port, and no colours in the log, which is parsed here. */
	private static final Map<String, String> DEFAULTS = Map.of("server.address", "127.0.0.1", "server.port", "0",
			"spring.output.ansi.enabled", "never");

	/**
	 * The class path of this JVM, without the Kubernetes API of the fleet and the client
	 * for it: an application has what an application with this library has.
	 */
	private static final String CLASS_PATH = classPathWithout("fabric8|vertx");

	private static final String JAR = Program.ROOT.resolve("benchmarks/target/eventloop-benchmarks-0.1.0-SNAPSHOT.jar")
		.toString();

	private final List<String> program;

	private final List<String> jvm = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", KEEP_READING));

	private final Map<String, String> properties = new LinkedHashMap<>(DEFAULTS);

	private List<String> prefix = List.of();

	private String java = Program.jdk("java");

	private Application(String... program) {
		this.program = List.of(program);
	}

	/** Use the sample application, from its jar. */
	public static Application sample() {
		Path jar = Program.ROOT.resolve("sample-webflux-app/target/eventloop-sample-webflux-app-0.1.0-SNAPSHOT.jar");
		if (!Files.exists(jar)) {
			throw new IllegalStateException(
					jar + " does not exist. Run 'mvn -pl benchmarks -am package -DskipTests', or use 'benchmarks/run'");
		}
		return new Application("-jar", jar.toString());
	}

	/** Use an application of this module. */
	public static Application of(Class<?> main) {
		return of(main, Stream.of(CLASS_PATH));
	}

	/** Use an application of this module that can call the Kubernetes API. */
	static Application ofKubernetes(Class<?> main) {
		return of(main, Stream.of(classPathWithout("vertx")));
	}

	/** Use an application of this module with a part of the class path of this JVM. */
	static Application of(Class<?> main, Predicate<String> entries) {
		return of(main, Stream.of(CLASS_PATH.split(File.pathSeparator)).filter(entries));
	}

	/**
	 * Use an application of this module with a part of the class path of this JVM, in
	 * which the jar of this module replaces its directories: the JVM does not archive the
	 * classes of directories.
	 */
	static Application ofJars(Class<?> main, Predicate<String> entries) {
		return of(main,
				Stream.of(CLASS_PATH.split(File.pathSeparator))
					.map((entry) -> Files.isDirectory(Path.of(entry)) ? JAR : entry)
					.distinct()
					.filter(entries));
	}

	/**
	 * Use an application of this module with the jars in a directory, except for those
	 * that are on the class path of this JVM in another version.
	 */
	public static Application of(Class<?> main, Path libraries) {
		return of(main, Stream.of(classPathWith(libraries)));
	}

	/** Use an application that is not of this module. */
	public static Application of(String main, String classPath) {
		return new Application("-cp", classPath, main);
	}

	/**
	 * Return the class path of applications of this module with the jars in a directory,
	 * except for those that are on the class path of this JVM in another version.
	 */
	public static String classPathWith(Path libraries) {
		Set<String> known = Stream.of(CLASS_PATH.split(File.pathSeparator))
			.map(Application::artifact)
			.collect(Collectors.toSet());
		File[] jars = libraries.toFile().listFiles((directory, name) -> !known.contains(artifact(name)));
		return Stream
			.concat(Stream.of(CLASS_PATH), Arrays.stream((jars != null) ? jars : new File[0]).map(File::toString))
			.collect(Collectors.joining(File.pathSeparator));
	}

	/** Vert.x is what the Kubernetes API of the fleet runs on. */
	private static String classPathWithout(String groups) {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.matches(".*/io/(" + groups + ")/.*"))
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static Application of(Class<?> main, Stream<String> classPath) {
		return new Application("-cp", classPath.collect(Collectors.joining(File.pathSeparator)), main.getName());
	}

	/** The name of a jar without its version. */
	private static String artifact(String jar) {
		return Path.of(jar).getFileName().toString().replaceFirst("-\\d.*", "");
	}

	/** Add options for the JVM. */
	public Application jvm(String... options) {
		this.jvm.addAll(List.of(options));
		return this;
	}

	/**
	 * Reduce the footprint, so that several JVMs can share two cores: a small heap, one
	 * collector thread, and C1 only.
	 */
	public Application frugal() {
		return jvm("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
	}

	/** Set the number of event loops. */
	public Application loops(int loops) {
		return jvm("-Dreactor.netty.ioWorkerCount=" + loops);
	}

	public Application property(String name, Object value) {
		this.properties.put(name, value.toString());
		return this;
	}

	/** Set properties, each as {@code name=value}. */
	Application properties(List<String> properties) {
		for (String property : properties) {
			String[] parts = property.split("=", 2);
			property(parts[0], parts[1]);
		}
		return this;
	}

	/** Use a separate management port. */
	public Application managementPort() {
		return properties(List.of("management.server.port=0", "management.server.address=127.0.0.1"));
	}

	/** Run with another JDK than this program. */
	Application jdk(Path home) {
		this.java = home.resolve("bin/java").toString();
		return this;
	}

	/** Run in a control group, which has to be closed after the instance. */
	Application within(CpuQuota quota) {
		this.prefix = quota.prefix();
		return this;
	}

	/**
	 * Start an instance whose log file is named after it, and wait until it has started.
	 */
	public Instance start(String name, Path directory) {
		List<String> command = new ArrayList<>(this.prefix);
		command.add(this.java);
		command.addAll(this.jvm);
		command.addAll(this.program);
		this.properties.forEach((property, value) -> command.add("--" + property + "=" + value));
		ChildProcess process = ChildProcess.start(name, directory, command);
		process.await("Started \\w+ in [\\d.]+ seconds", Duration.ofSeconds(90));
		// The management server, if there is one, starts after the application's.
		List<MatchResult> ports = process.await("Netty started on port (\\d+)", Duration.ofSeconds(1));
		return new Instance(name, process, Integer.parseInt(ports.get(0).group(1)),
				Integer.parseInt(ports.get(ports.size() - 1).group(1)));
	}

}
