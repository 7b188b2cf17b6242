package io.github.eventloop.benchmarks.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Programs that {@code benchmarks/install} installs.
 */
public final class Program {

	private Program() {
	}

	/**
	 * Find a program.
	 * @param name its name
	 * @return its location, on the path or among the {@link #tools()}, or empty if it is
	 * not installed
	 */
	public static Optional<Path> find(String name) {
		Stream<Path> path = Stream.of(System.getenv("PATH").split(":")).map(Path::of);
		Stream<Path> others = Stream.of(Path.of("/usr/sbin"), Path.of("/usr/local/sbin"), tools().resolve("bin"));
		return Stream.concat(path, others)
			.map((directory) -> directory.resolve(name))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/**
	 * Return the directory of programs that are not available as packages of the
	 * operating system.
	 * @return a directory, which may not exist
	 */
	public static Path tools() {
		return Path.of(System.getProperty("benchmarks.root", "."))
			.toAbsolutePath()
			.normalize()
			.resolve("benchmarks/target/tools");
	}

}
