package io.github.eventloop.benchmarks.neighbours;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import io.github.eventloop.benchmarks.ChildProcess;
import io.github.eventloop.benchmarks.Command;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The R2DBC driver of PostgreSQL with a real server, on monitored loops as described in
 * the documentation.
 */
@Timeout(60)
class PostgresIT {

	private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	@TempDir
	private Path directory;

	@Test
	void rowThatIsMappedWithABlockingCallShouldBeNamed() throws IOException {
		Optional<Path> programs = programs();
		assumeTrue(programs.isPresent(), "Needs PostgreSQL: benchmarks/install postgresql");
		try (ChildProcess server = start(programs.orElseThrow());
				MonitoredApplication application = new MonitoredApplication()) {
			server.await("ready to accept connections", TIMEOUT);
			PostgresqlConnectionFactory factory = new PostgresqlConnectionFactory(
					PostgresqlConnectionConfiguration.builder()
						.socket(this.directory.resolve("socket/.s.PGSQL.5432").toString())
						.username("shop")
						.database("postgres")
						.loopResources(application.bean(MonitoredLoopResources.class))
						.build());
			Mono<Integer> price = Mono.usingWhen(factory.create(),
					(connection) -> connection.createStatement("SELECT 42").execute().flatMap(this::price).next(),
					(connection) -> connection.close());
			assertThat(price.block(TIMEOUT)).isEqualTo(42);
			Stall stall = application.awaitStall("driver-");
			assertThat(stall.samples().stack()).anyMatch((frame) -> frame.contains("PostgresIT"));
			assertThat(application.loops((loop) -> loop.name().equals(stall.loop()))).singleElement()
				.satisfies((loop) -> assertThat(loop.approximate()).isFalse())
				.satisfies((loop) -> assertThat(loop.roles()).containsExactly(LoopRole.CLIENT));
		}
	}

	private Publisher<Integer> price(PostgresqlResult result) {
		return result.map((row, metadata) -> {
			MonitoredApplication.block();
			return row.get(0, Integer.class);
		});
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

	private ChildProcess start(Path programs) throws IOException {
		Path data = this.directory.resolve("data");
		Path socket = Files.createDirectory(this.directory.resolve("socket"));
		List<String> prefix = List.of();
		if (System.getProperty("user.name").equals("root")) {
			// PostgreSQL refuses to run as root.
			prefix = List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups");
			Files.createDirectory(data);
			Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwx--x--x"));
			run(List.of("chown", "postgres:postgres", data.toString(), socket.toString()));
		}
		run(concat(prefix, programs.resolve("initdb").toString(), "--no-sync", "--auth=trust", "--username=shop",
				"--pgdata=" + data));
		return ChildProcess.start("postgres", this.directory, concat(prefix, programs.resolve("postgres").toString(),
				"-D", data.toString(), "-k", socket.toString(), "-c", "listen_addresses=", "-c", "fsync=off"));
	}

	private void run(List<String> command) {
		Command done = Command.run(this.directory, "", command);
		assertThat(done.status()).as(done.output()).isZero();
	}

	private static List<String> concat(List<String> prefix, String... command) {
		return Stream.concat(prefix.stream(), Stream.of(command)).toList();
	}

}
