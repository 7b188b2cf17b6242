package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ReportRun}.
 */
class ReportTests {

	@TempDir
	private Path runs;

	@Test
	void shouldPutRunsTogetherBelowOneHeading() throws IOException {
		leave("a", "machine", "# First\n\n## Part\n\ntext # with a hash");
		leave("b", "machine", "# Second");
		assertThat(ReportRun.combine(this.runs, "# All\n\nWhat it is.\n", List.of("b", "a"))).isEqualTo("""
				# All

				What it is.

				machine

				## Second

				Made today. Repeat it with `benchmarks/run b`.

				## First

				### Part

				text # with a hash

				Made today. Repeat it with `benchmarks/run a`.
				""");
	}

	@Test
	void whenRunIsMissingShouldNameIt() throws IOException {
		leave("a", "machine", "# First");
		assertThatIllegalStateException().isThrownBy(() -> ReportRun.combine(this.runs, "", List.of("a", "b", "c")))
			.withMessageStartingWith("No results of b, c");
	}

	@Test
	void whenRunIsFromAnotherMachineShouldNotMixThem() throws IOException {
		leave("a", "machine", "# First");
		leave("b", "other machine", "# Second");
		assertThatIllegalStateException().isThrownBy(() -> ReportRun.combine(this.runs, "", List.of("a", "b")))
			.withMessageStartingWith("The results of b are from another machine");
	}

	private void leave(String run, String machine, String summary) throws IOException {
		Path directory = Files.createDirectories(this.runs.resolve(run));
		Files.writeString(directory.resolve("machine.md"), machine);
		Files.writeString(directory.resolve("provenance.md"), "Made today.");
		Files.writeString(directory.resolve("summary.md"), summary);
	}

}
