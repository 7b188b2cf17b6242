package io.github.eventloop.benchmarks.neighbours;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.springframework.test.util.TestSocketUtils;

import io.github.eventloop.benchmarks.ChildProcess;
import io.github.eventloop.benchmarks.Command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A PostgreSQL server, which listens on loopback and has the user {@value #USER}, without
 * a password, and the database {@value #DATABASE}.
 */
record Postgres(ChildProcess process, int port) implements AutoCloseable {

	static final String USER = "shop";

	static final String DATABASE = "postgres";

	private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	/** Start a server, or skip the test if none is installed. */
	static Postgres start(Path directory) throws IOException {
		Optional<Path> programs = programs();
		assumeThat(programs).as("Needs PostgreSQL: benchmarks/install postgresql").isPresent();
		Path data = directory.resolve("data");
		List<String> prefix = List.of();
		if (System.getProperty("user.name").equals("root")) {
			// PostgreSQL refuses to run as root.
			prefix = List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups");
			Files.createDirectory(data);
			Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
			run(directory, List.of("chown", "postgres:postgres", data.toString()));
		}
		run(directory, concat(prefix, programs.orElseThrow().resolve("initdb").toString(), "--no-sync", "--auth=trust",
				"--username=" + USER, "--pgdata=" + data));
		int port = TestSocketUtils.findAvailableTcpPort();
		ChildProcess process = ChildProcess.start("postgres", directory,
				concat(prefix, programs.orElseThrow().resolve("postgres").toString(), "-D", data.toString(), "-k", "",
						"-c", "listen_addresses=127.0.0.1", "-p", String.valueOf(port), "-c", "fsync=off"));
		process.await("ready to accept connections", TIMEOUT);
		return new Postgres(process, port);
	}

	/** Debian does not install them on the path. */
	private static Optional<Path> programs() throws IOException {
		if (!Files.isDirectory(VERSIONS)) {
			return Optional.empty();
		}
		try (Stream<Path> versions = Files.list(VERSIONS)) {
			return versions.map((version) -> version.resolve("bin"))
				.filter((programs) -> Files.isExecutable(programs.resolve("postgres")))
				.findFirst();
		}
	}

	private static void run(Path directory, List<String> command) {
		Command done = Command.run(directory, "", command);
		assertThat(done.status()).as(done.output()).isZero();
	}

	private static List<String> concat(List<String> prefix, String... command) {
		return Stream.concat(prefix.stream(), Stream.of(command)).toList();
	}

	@Override
	public void close() {
		this.process.close();
	}

}
