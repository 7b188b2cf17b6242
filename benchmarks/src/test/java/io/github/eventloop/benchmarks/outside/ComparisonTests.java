package io.github.eventloop.benchmarks.outside;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Comparison}.
 */
class ComparisonTests {

	@ParameterizedTest
	@CsvSource({ "0, 1.9, true", "0, 2.1, false", "100, 109, true", "100, 111, false", "100, 91, true",
			"100, 89, false", "10, 11.9, true" })
	void shouldBeWithinTenPercentOrTwoMillis(double seen, double reported, boolean met) {
		assertThat(compare(new Quantiles(0, 0, seen, 0), new Quantiles(0, 0, reported, 0)).unmet().isEmpty())
			.isEqualTo(met);
	}

	@Test
	void whenFurtherApartShouldNameQuantileAndBoth() {
		assertThat(compare(new Quantiles(0, 0, 100, 200), new Quantiles(0, 0, 100, 250)).unmet())
			.containsExactly("sleep: the client saw max of 200.0 ms, reported is 250.0 ms");
	}

	private static Comparison compare(Quantiles seen, Quantiles reported) {
		return new Comparison(Disturbance.ALL.get(0), seen, reported, 0);
	}

}
