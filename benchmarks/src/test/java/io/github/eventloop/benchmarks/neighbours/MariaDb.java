package io.github.eventloop.benchmarks.neighbours;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.springframework.test.util.TestSocketUtils;

import io.github.eventloop.benchmarks.ChildProcess;
import io.github.eventloop.benchmarks.Command;
import io.github.eventloop.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A MariaDB server, which listens on loopback and accepts every user.
 */
record MariaDb(ChildProcess process, int port) implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	/** Start a server, or skip the test if none is installed. */
	static MariaDb start(Path directory) {
		assumeThat(Program.find("mariadbd")).as("Needs MariaDB: benchmarks/install mariadb-server").isPresent();
		String user = "--user=" + System.getProperty("user.name");
		String data = "--datadir=" + directory.resolve("data");
		Command done = Command.run(directory, "", List.of(Program.path("mariadb-install-db"), "--no-defaults",
				"--skip-test-db", "--auth-root-authentication-method=normal", user, data));
		assertThat(done.status()).as(done.output()).isZero();
		int port = TestSocketUtils.findAvailableTcpPort();
		ChildProcess process = ChildProcess.start("mariadb", directory,
				List.of(Program.path("mariadbd"), "--no-defaults", "--skip-grant-tables", "--bind-address=127.0.0.1",
						"--port=" + port, "--socket=" + directory.resolve("mariadb.sock"),
						"--pid-file=" + directory.resolve("mariadb.pid"), user, data));
		process.await("ready for connections", TIMEOUT);
		return new MariaDb(process, port);
	}

	@Override
	public void close() {
		this.process.close();
	}

}
