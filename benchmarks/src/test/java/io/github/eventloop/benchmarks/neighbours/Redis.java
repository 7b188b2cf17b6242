package io.github.eventloop.benchmarks.neighbours;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.springframework.test.util.TestSocketUtils;

import io.github.eventloop.benchmarks.ChildProcess;
import io.github.eventloop.benchmarks.Program;

import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A Redis server, which listens on loopback and on a Unix domain socket.
 */
record Redis(ChildProcess process, int port, Path socket) implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	/** Start a server, or skip the test if none is installed. */
	static Redis start(Path directory) {
		assumeThat(Program.find("redis-server")).as("Needs Redis: benchmarks/install redis-server").isPresent();
		int port = TestSocketUtils.findAvailableTcpPort();
		Path socket = directory.resolve("redis.sock");
		ChildProcess process = ChildProcess.start("redis", directory,
				List.of(Program.path("redis-server"), "--bind", "127.0.0.1", "--port", String.valueOf(port),
						"--unixsocket", socket.toString(), "--save", "", "--dir", directory.toString()));
		process.await("accept connections", TIMEOUT);
		return new Redis(process, port, socket);
	}

	/** Return the URL of the Unix domain socket. */
	String url() {
		return "redis-socket://" + this.socket;
	}

	@Override
	public void close() {
		this.process.close();
	}

}
