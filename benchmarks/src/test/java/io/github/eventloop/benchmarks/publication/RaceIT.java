package io.github.eventloop.benchmarks.publication;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jcstress.Main;

import io.github.eventloop.benchmarks.ChildProcess;
import io.github.eventloop.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that run the races with jcstress, interpreted and compiled, in every combination
 * of the JVM's compilers.
 */
@Timeout(150)
class RaceIT {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(classes = { ReadingRace.class, LongIterationRace.class })
	void forbiddenOutcomesShouldNotOccur(Class<?> race) {
		// jcstress writes a file to its working directory.
		List<String> command = List.of("env", "-C", this.directory.toString(), Program.jdk("java"), "-cp",
				System.getProperty("java.class.path"), Main.class.getName(), "-t", race.getName(), "-m", "quick",
				"-time", "100", "-iters", "2", "-fsm", "0", "-r", this.directory.resolve("results").toString());
		try (ChildProcess process = ChildProcess.start("jcstress", this.directory, command)) {
			process.await("HTML report generated", Duration.ofSeconds(140));
			assertThat(process.output()).contains("Failed tests: No matches.", "Error tests: No matches.");
		}
	}

}
