package io.github.eventloop.benchmarks.run;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Options}.
 */
class OptionsTests {

	@Test
	void optionsShouldHaveValuesOrBePresent() {
		Options options = Options.of(new String[] { "--lag=7", "--docs" }, "lag", "after", "short");
		assertThat(options.number("lag", 1)).isEqualTo(7);
		assertThat(options.number("after", 1)).isEqualTo(1);
		assertThat(options.has("docs")).isTrue();
		assertThat(options.has("short")).isFalse();
	}

	@Test
	void unknownOptionShouldNameTheKnownOnes() {
		assertThatIllegalArgumentException().isThrownBy(() -> Options.of(new String[] { "--leg=7" }, "lag"))
			.withMessage("Unknown option '--leg=7'. Available options: --docs, --lag");
	}

	@Test
	void nonNumericValueShouldBeRejected() {
		Options options = Options.of(new String[] { "--lag=long" }, "lag");
		assertThatIllegalArgumentException().isThrownBy(() -> options.number("lag", 1))
			.withMessage("'--lag' must be a whole number, but is 'long'");
	}

}
