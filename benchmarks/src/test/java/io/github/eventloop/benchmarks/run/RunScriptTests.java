package io.github.eventloop.benchmarks.run;

import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.process.Command;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code benchmarks/run} that do not start a benchmark.
 */
class RunScriptTests {

	/** The working directory of unit tests is that of the module. */
	private static final Path SCRIPT = Path.of("run").toAbsolutePath();

	@TempDir
	private Path directory;

	@Test
	void withoutNameShouldListRuns() {
		Command list = run();
		assertThat(list.output()).contains("usage: benchmarks/run NAME").contains("  truth ").contains("  all ");
		assertThat(list.status()).isZero();
	}

	@Test
	void whenNameIsUnknownShouldListRunsAndFail() {
		Command list = run("trust");
		assertThat(list.output()).contains("usage: benchmarks/run NAME").contains("  truth ");
		assertThat(list.status()).isPositive();
	}

	private Command run(String... arguments) {
		return Command.run(this.directory, "",
				Stream.concat(Stream.of(SCRIPT.toString()), Stream.of(arguments)).toList());
	}

}
