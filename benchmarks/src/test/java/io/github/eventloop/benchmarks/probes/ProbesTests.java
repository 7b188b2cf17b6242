package io.github.eventloop.benchmarks.probes;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Outcome;
import io.github.eventloop.benchmarks.load.Sample;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Probes}.
 */
class ProbesTests {

	@Test
	void serviceUnavailableShouldBeAnAnswer() {
		Probes probes = probes(sample(0, 5, Outcome.OK), sample(0, 20, Outcome.UNAVAILABLE),
				sample(0, 1000, Outcome.TIMED_OUT), sample(0, 1, Outcome.FAILED));
		assertThat(probes.sent()).isEqualTo(4);
		assertThat(probes.answered()).isEqualTo(2);
		assertThat(probes.lost()).isEqualTo(2);
		assertThat(probes.millis(100)).isBetween(20.0, 20.1);
	}

	@Test
	void perSecondShouldCountProbesWhenTheyWereDue() {
		Probes probes = probes(sample(0, 5, Outcome.OK), sample(0, 1500, Outcome.OK),
				sample(1, 1000, Outcome.TIMED_OUT));
		assertThat(probes.answeredPerSecond()).containsExactly(100, 0);
		assertThat(probes.longestPerSecond()).containsExactly(1500, Double.NaN);
	}

	private static Probes probes(Sample... samples) {
		return new Probes(new LoadResult(List.of(samples), 2));
	}

	private static Sample sample(int second, long millis, Outcome outcome) {
		return new Sample(second * 1_000_000_000L, 0, millis * 1_000_000, outcome, 0, 0, null, null);
	}

}
