package io.github.eventloop.benchmarks.placement;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Outcome;
import io.github.eventloop.benchmarks.load.Sample;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NewConnections}.
 */
class NewConnectionsTests {

	@Test
	void onlyDelayedOrBrokenRequestsShouldHaveHitTheBlockedLoop() {
		NewConnections newConnections = newConnections(sample(0, 5, Outcome.OK), sample(0, 5, Outcome.UNAVAILABLE),
				sample(0, 499, Outcome.OK), sample(0, 501, Outcome.OK), sample(0, 2000, Outcome.TIMED_OUT),
				sample(0, 5, Outcome.FAILED));
		assertThat(newConnections.hitShare()).isEqualTo(0.5);
	}

	@Test
	void shareOfASecondShouldCountTheRequestsDueInIt() {
		NewConnections newConnections = newConnections(sample(0, 2000, Outcome.TIMED_OUT), sample(0, 5, Outcome.OK),
				sample(1, 5, Outcome.OK));
		assertThat(newConnections.hitPercentPerSecond()).containsExactly(50, 0, Double.NaN);
	}

	private static NewConnections newConnections(Sample... samples) {
		return new NewConnections(new LoadResult(List.of(samples), 3));
	}

	private static Sample sample(int second, long millis, Outcome outcome) {
		return new Sample(second * 1_000_000_000L, 0, millis * 1_000_000, outcome, 0, 0, null, null);
	}

}
