package io.github.eventloop.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Shop in a separate JVM.
 */
final class ForkedShop implements AutoCloseable {

	private static final Pattern STARTED = Pattern.compile("Netty started on port (\\d+)");

	/** Same as for the tests of this build. */
	private static final String KEEP_READING = "-Dreactor.netty.http.server.lastFlushWhenNoRead=true";

	private final Process process;

	private final Path log;

	/**
	 * Start a JVM.
	 * @param log the file for its output
	 * @param command the arguments of {@code java}
	 */
	ForkedShop(Path log, String... command) throws IOException {
		this.log = log;
		List<String> line = new ArrayList<>();
		line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		line.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", KEEP_READING));
		line.addAll(Arrays.asList(command));
		line.addAll(List.of("--server.port=0", "--server.address=127.0.0.1"));
		this.process = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
	}

	/**
	 * Wait until the shop has started.
	 * @param times the number of starts, including restarts
	 * @return a client
	 */
	Visitor awaitStart(int times) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.failFast(() -> assertThat(this.process.isAlive()).as(this::output).isTrue())
			.until(() -> ports().size() >= times);
		return new Visitor(ports().get(times - 1));
	}

	private List<Integer> ports() {
		return STARTED.matcher(output()).results().map((match) -> Integer.valueOf(match.group(1))).toList();
	}

	String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new IllegalStateException("No log at " + this.log, ex);
		}
	}

	@Override
	public void close() {
		// The servers that the shop has started.
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly().onExit().join();
	}

}
