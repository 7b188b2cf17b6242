package io.github.eventloop.benchmarks.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Spring Boot application that is started in a separate JVM. Not thread-safe.
 *
 * <pre class="code">
 * try (Instance shop = Application.sample().loops(2).jvm("-Xmx128m").start("a", dir)) {
 * 	shop.url("/products/1");
 * }
 * </pre>
 */
public final class Application {

	/**
	 * Works around reactor-netty#4361: Reactor Netty 1.3.7 may stop reading from a
	 * persistent connection.
	 */
	public static final String KEEP_READING = "-Dreactor.netty.http.server.lastFlushWhenNoRead=true";

	/** Loopback, any port, and no colours in the log, which is parsed here. */
	private static final Map<String, String> DEFAULTS = Map.of("server.address", "127.0.0.1", "server.port", "0",
			"spring.output.ansi.enabled", "never");

	private static final Pattern STARTED = Pattern.compile("Started \\w+ in [\\d.]+ seconds");

	private static final Pattern PORT = Pattern.compile("Netty started on port (\\d+)");

	private final List<String> program;

	private final List<String> jvm = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", KEEP_READING));

	private final Map<String, String> properties = new LinkedHashMap<>(DEFAULTS);

	private List<String> prefix = List.of();

	private Application(List<String> program) {
		this.program = program;
	}

	/**
	 * Use the sample application, from its jar.
	 * @return the sample with its own settings
	 * @throws IllegalStateException if it has not been built
	 */
	public static Application sample() {
		Path jar = root().resolve("sample-webflux-app/target/eventloop-sample-webflux-app-0.1.0-SNAPSHOT.jar");
		if (!Files.exists(jar)) {
			throw new IllegalStateException(
					jar + " does not exist. Run 'mvn -pl benchmarks -am package -DskipTests', or use 'benchmarks/run'");
		}
		return new Application(List.of("-jar", jar.toString()));
	}

	/**
	 * Use an application of this module.
	 * @param main its main class
	 * @return the application, with the class path of this JVM
	 */
	public static Application of(Class<?> main) {
		return of(main, (entry) -> true);
	}

	/**
	 * Use an application of this module with a part of the class path of this JVM.
	 * @param main its main class
	 * @param entries the entries to keep
	 * @return the application
	 */
	public static Application of(Class<?> main, Predicate<String> entries) {
		return of(main, classPath().filter(entries));
	}

	/**
	 * Use an application of this module with additional libraries.
	 * @param main its main class
	 * @param libraries a directory with their jars; libraries that are on the class path
	 * of this JVM in another version are left out
	 * @return the application
	 */
	public static Application of(Class<?> main, Path libraries) {
		Set<String> known = classPath().map(Application::artifact).collect(Collectors.toSet());
		try (Stream<Path> jars = Files.list(libraries)) {
			return of(main, Stream.concat(classPath(),
					jars.map(Path::toString).filter((jar) -> !known.contains(artifact(jar)))));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Application of(Class<?> main, Stream<String> classPath) {
		return new Application(
				List.of("-cp", classPath.collect(Collectors.joining(File.pathSeparator)), main.getName()));
	}

	private static Stream<String> classPath() {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator));
	}

	/** The name of a jar without its version. */
	private static String artifact(String jar) {
		return Path.of(jar).getFileName().toString().replaceFirst("-\\d.*", "");
	}

	/**
	 * Add options for the JVM.
	 * @param options such as {@code -Xmx128m}
	 * @return this application
	 */
	public Application jvm(String... options) {
		this.jvm.addAll(List.of(options));
		return this;
	}

	/**
	 * Reduce the footprint, so that several JVMs can share two cores: a small heap, one
	 * collector thread, and C1 only.
	 * @return this application
	 */
	public Application frugal() {
		return jvm("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
	}

	/**
	 * Set the number of event loops.
	 * @param loops how many
	 * @return this application
	 */
	public Application loops(int loops) {
		return jvm("-Dreactor.netty.ioWorkerCount=" + loops);
	}

	/**
	 * Set a property.
	 * @param name its name
	 * @param value its value
	 * @return this application
	 */
	public Application property(String name, Object value) {
		this.properties.put(name, value.toString());
		return this;
	}

	/**
	 * Limit the CPU time with a control group.
	 * @param quota the group, which has to be closed after the instance
	 * @return this application
	 */
	public Application within(CpuQuota quota) {
		this.prefix = quota.prefix();
		return this;
	}

	/**
	 * Start an instance and wait until it has started.
	 * @param name its name in messages, and the name of its log file
	 * @param directory the directory for its log
	 * @return the instance
	 * @throws IllegalStateException if it does not start
	 */
	public Instance start(String name, Path directory) {
		ChildProcess process = ChildProcess.start(name, directory.resolve(name + ".log"), command());
		try {
			String output = process.await("its start", (log) -> STARTED.matcher(log).find(), Duration.ofSeconds(90));
			// The management server, if there is one, starts after the application's.
			List<Integer> ports = PORT.matcher(output).results().map((port) -> Integer.valueOf(port.group(1))).toList();
			return new Instance(name, process, ports.get(0), ports.get(ports.size() - 1));
		}
		catch (RuntimeException ex) {
			process.close();
			throw ex;
		}
	}

	private List<String> command() {
		List<String> command = new ArrayList<>(this.prefix);
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(this.jvm);
		command.addAll(this.program);
		this.properties.forEach((name, value) -> command.add("--" + name + "=" + value));
		return command;
	}

	private static Path root() {
		return Path.of(System.getProperty("benchmarks.root", ".")).toAbsolutePath().normalize();
	}

}
