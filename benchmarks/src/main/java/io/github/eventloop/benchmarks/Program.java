package io.github.eventloop.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Locations of the project, and of programs that {@code benchmarks/install} installs.
 */
public final class Program {

	/** The root directory of the project. */
	public static final Path ROOT = Path.of(System.getProperty("benchmarks.root", ".")).toAbsolutePath().normalize();

	/**
	 * Programs that are not available as packages of the operating system; may not exist.
	 */
	public static final Path TOOLS = ROOT.resolve("benchmarks/target/tools");

	private Program() {
	}

	/** Find a program on the path, or among the {@link #TOOLS}. */
	public static Optional<Path> find(String name) {
		Stream<Path> path = Stream.of(System.getenv("PATH").split(":")).map(Path::of);
		return Stream.concat(path, Stream.of(Path.of("/usr/sbin"), Path.of("/usr/local/sbin"), TOOLS.resolve("bin")))
			.map((directory) -> directory.resolve(name))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/** Find a program that is required. */
	public static String path(String name) {
		return find(name)
			.orElseThrow(() -> new IllegalStateException(
					"%1$s is not installed. Install it, for example with 'benchmarks/install %1$s'".formatted(name)))
			.toString();
	}

	/** Return the path of a program of this JDK. */
	public static String jdk(String name) {
		return Path.of(System.getProperty("java.home"), "bin", name).toString();
	}

}
