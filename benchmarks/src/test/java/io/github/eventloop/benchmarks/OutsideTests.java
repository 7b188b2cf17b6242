package io.github.eventloop.benchmarks;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.benchmarks.LoadResult.Outcome;
import io.github.eventloop.benchmarks.LoadResult.Sample;
import io.github.eventloop.benchmarks.OutsideRun.Quantile;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutsideRun}.
 */
class OutsideTests {

	@Test
	void lagShouldBeComparedWithLatencyMinusThatOfAnUndisturbedRequest() {
		LoadResult load = new LoadResult(List.of(new Sample(0, 0, 1_000_000, Outcome.OK, 1, null),
				new Sample(0, 0, 4_000_000, Outcome.OK, 1, null)), 1);
		String lag = """
				{ "meanMillis": 9, "p50Millis": 1, "p90Millis": 2.5, "p99Millis": 3, "maxMillis": 4 }""";
		assertThat(OutsideRun.compare(load, JsonMapper.shared().readTree(lag), 1.5)).containsExactly(
				new Quantile("p50", 0, 1), new Quantile("p90", 2.5, 2.5), new Quantile("p99", 2.5, 3),
				new Quantile("max", 2.5, 4));
	}

	@ParameterizedTest
	@CsvSource({ "0, 1.9, true", "0, 2.1, false", "100, 109, true", "100, 111, false", "100, 91, true",
			"100, 89, false", "10, 11.9, true" })
	void shouldBeWithinTenPercentOrTwoMillis(double seen, double reported, boolean met) {
		assertThat(OutsideRun.missed("sleep", List.of(new Quantile("p99", seen, reported))).isEmpty()).isEqualTo(met);
	}

	@Test
	void whenFurtherApartShouldNameQuantileAndBoth() {
		assertThat(OutsideRun.missed("sleep", List.of(new Quantile("p99", 100, 100), new Quantile("max", 200, 250))))
			.containsExactly("sleep: the client saw max of 200.0 ms, reported is 250.0 ms");
	}

}
