package io.github.eventloop.benchmarks.outside;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Outcome;
import io.github.eventloop.benchmarks.load.Sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Quantiles}.
 */
class QuantilesTests {

	@Test
	void shouldBeNearestRanks() {
		List<Sample> samples = IntStream.rangeClosed(1, 200).mapToObj((millis) -> sample(millis, Outcome.OK)).toList();
		assertThat(Quantiles.of(new LoadResult(samples, 1))).isEqualTo(new Quantiles(100, 180, 198, 200));
	}

	@Test
	void whenRequestWasNotAnsweredShouldFail() {
		LoadResult load = new LoadResult(List.of(sample(1, Outcome.OK), sample(2, Outcome.TIMED_OUT)), 1);
		assertThatIllegalStateException().isThrownBy(() -> Quantiles.of(load))
			.withMessageStartingWith("Not all requests were answered");
	}

	@Test
	void shouldReadTheEndpoint() {
		String lag = """
				{ "meanMillis": 9, "p50Millis": 1, "p90Millis": 2.5, "p99Millis": 3, "maxMillis": 4 }""";
		assertThat(Quantiles.of(JsonMapper.shared().readTree(lag))).isEqualTo(new Quantiles(1, 2.5, 3, 4));
	}

	@Test
	void undisturbedLatencyShouldBeSubtracted() {
		assertThat(new Quantiles(1, 2, 3, 4).minus(1.5)).isEqualTo(new Quantiles(0, 0.5, 1.5, 2.5));
	}

	private static Sample sample(long millis, Outcome outcome) {
		return new Sample(0, 0, millis * 1_000_000, outcome, 200, 1, null, null);
	}

}
