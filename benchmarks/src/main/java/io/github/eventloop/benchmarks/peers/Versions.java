package io.github.eventloop.benchmarks.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;

import io.github.eventloop.benchmarks.process.Command;
import io.github.eventloop.benchmarks.process.Program;

/**
 * The versions of the installed peers that are not listed elsewhere.
 *
 * @param directory the directory to run programs in
 */
record Versions(Path directory) {

	private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)+");

	private static final Pattern VERSION_OF_MODULE = Pattern.compile("\"version\"\\s*:\\s*\"([^\"]+)\"");

	/**
	 * Return the versions.
	 * @return names and versions, separated by commas
	 */
	String describe() {
		return Stream
			.of(program("Node", "node"), module("fastify"), module("@fastify/under-pressure"), jar("vertx-core"),
					Optional.ofNullable(MeterRegistry.class.getPackage().getImplementationVersion())
						.map((version) -> "Micrometer " + version),
					program("Python", "python3"))
			.flatMap(Optional::stream)
			.collect(Collectors.joining(", "));
	}

	private Optional<String> program(String title, String name) {
		return Program.find(name)
			.map((program) -> NUMBER
				.matcher(Command.run(this.directory, "", List.of(program.toString(), "--version")).output()))
			.filter(Matcher::find)
			.map((version) -> title + " " + version.group());
	}

	private static Optional<String> module(String name) {
		return Optional.of(Program.tools().resolve("under-pressure/node_modules").resolve(name).resolve("package.json"))
			.filter(Files::exists)
			.map((file) -> VERSION_OF_MODULE.matcher(read(file)))
			.filter(Matcher::find)
			.map((version) -> name + " " + version.group(1));
	}

	private static Optional<String> jar(String name) {
		Path jars = Program.tools().resolve("vertx");
		if (!Files.isDirectory(jars)) {
			return Optional.empty();
		}
		Pattern file = Pattern.compile(Pattern.quote(name) + "-(\\d.*)\\.jar");
		try (Stream<Path> files = Files.list(jars)) {
			return files.map((jar) -> file.matcher(jar.getFileName().toString()))
				.filter(Matcher::matches)
				.map((version) -> name + " " + version.group(1))
				.findFirst();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
