package io.github.eventloop.benchmarks.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ChildProcess}.
 */
class ChildProcessTests {

	@TempDir
	private Path directory;

	@Test
	void closeShouldEndTheProcess() {
		ChildProcess process = sh("echo ready; exec sleep 100");
		assertThat(process.await("ready", (output) -> output.contains("ready"), Duration.ofSeconds(10)))
			.isEqualTo("ready\n");
		assertThat(process.isAlive()).isTrue();
		process.close();
		assertThat(process.isAlive()).isFalse();
		assertThat(ProcessHandle.of(process.pid()).filter(ProcessHandle::isAlive)).isEmpty();
	}

	@Test
	void closeShouldEndAProcessThatIgnoresSigterm() {
		ChildProcess process = sh("trap '' TERM; echo ready; while :; do sleep 1; done");
		process.await("ready", (output) -> output.contains("ready"), Duration.ofSeconds(10));
		process.close();
		assertThat(process.isAlive()).isFalse();
	}

	@Test
	void whenProcessEndsAwaitShouldShowItsOutput() {
		try (ChildProcess process = sh("echo no such file; exit 3")) {
			assertThatIllegalStateException()
				.isThrownBy(() -> process.await("its start", (output) -> false, Duration.ofSeconds(10)))
				.withMessageStartingWith("sh ended before: its start.")
				.withMessageContaining("no such file");
		}
	}

	@Test
	void whenTimeoutExpiresAwaitShouldFail() {
		try (ChildProcess process = sh("exec sleep 100")) {
			assertThatIllegalStateException()
				.isThrownBy(() -> process.await("its start", (output) -> false, Duration.ofSeconds(1)))
				.withMessageStartingWith("sh took longer than 1 s before: its start.");
		}
	}

	private ChildProcess sh(String script) {
		return ChildProcess.start("sh", this.directory.resolve("sh.log"), List.of("sh", "-c", script));
	}

}
