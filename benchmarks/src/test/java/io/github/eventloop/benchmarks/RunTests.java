package io.github.eventloop.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.env.PropertyResolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Run} and for {@code benchmarks/run} that do not start a benchmark.
 */
class RunTests {

	@TempDir
	private Path directory;

	@Test
	void optionsShouldHaveValuesOrBePresent() {
		PropertyResolver options = Run.parse(new String[] { "--lag=7", "--docs" }, "lag", "after", "short");
		assertThat(options.getProperty("lag", Integer.class, 1)).isEqualTo(7);
		assertThat(options.getProperty("after", Integer.class, 1)).isEqualTo(1);
		assertThat(options.containsProperty("docs")).isTrue();
		assertThat(options.containsProperty("short")).isFalse();
	}

	@Test
	void unknownOptionShouldNameTheKnownOnes() {
		assertThatIllegalArgumentException().isThrownBy(() -> Run.parse(new String[] { "--leg=7", "x" }, "lag"))
			.withMessage("Unknown: leg, x. Available options: --docs, --lag");
	}

	@Test
	void nonNumericValueShouldBeRejected() {
		PropertyResolver options = Run.parse(new String[] { "--lag=long" }, "lag");
		assertThatExceptionOfType(ConversionFailedException.class)
			.isThrownBy(() -> options.getProperty("lag", Integer.class, 1))
			.withMessageContaining("[long]");
	}

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
		String script = Program.ROOT.resolve("benchmarks/run").toString();
		return Command.run(this.directory, "", Stream.concat(Stream.of(script), List.of(arguments).stream()).toList());
	}

}
