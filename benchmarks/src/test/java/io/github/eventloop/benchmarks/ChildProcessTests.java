package io.github.eventloop.benchmarks;

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

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@TempDir
	private Path directory;

	@Test
	void closeShouldEndTheProcess() {
		ChildProcess process = sh("echo ready at 1; exec sleep 100");
		assertThat(process.await("ready at (\\d)", TIMEOUT).get(0).group(1)).isEqualTo("1");
		assertThat(process.isAlive()).isTrue();
		process.close();
		assertThat(process.isAlive()).isFalse();
		assertThat(ProcessHandle.of(process.pid()).filter(ProcessHandle::isAlive)).isEmpty();
	}

	@Test
	void closeShouldEndAProcessThatIgnoresSigterm() {
		ChildProcess process = sh("trap '' TERM; echo ready; while :; do sleep 1; done");
		process.await("ready", TIMEOUT);
		process.close();
		assertThat(process.isAlive()).isFalse();
	}

	@Test
	void whenProcessEndsAwaitShouldShowItsOutput() {
		ChildProcess process = sh("echo no such file; exit 3");
		assertThatIllegalStateException().isThrownBy(() -> process.await("started", TIMEOUT))
			.withMessageStartingWith("sh ended before 'started'.")
			.withMessageContaining("no such file");
	}

	@Test
	void whenTimeoutExpiresAwaitShouldFailAndEndTheProcess() {
		ChildProcess process = sh("exec sleep 100");
		assertThatIllegalStateException().isThrownBy(() -> process.await("started", Duration.ofSeconds(1)))
			.withMessageStartingWith("sh took longer than 1 s before 'started'.");
		assertThat(process.isAlive()).isFalse();
	}

	private ChildProcess sh(String script) {
		return ChildProcess.start("sh", this.directory, List.of("sh", "-c", script));
	}

}
