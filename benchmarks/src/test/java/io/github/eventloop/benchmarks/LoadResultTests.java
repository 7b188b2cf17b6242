package io.github.eventloop.benchmarks;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.github.eventloop.benchmarks.LoadResult.Outcome;
import io.github.eventloop.benchmarks.LoadResult.Sample;
import io.github.eventloop.benchmarks.PlacementRun.Block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link LoadResult}, and for what runs select of it.
 */
class LoadResultTests {

	@Test
	void percentilesShouldBeNearestRanks() {
		LoadResult load = new LoadResult(
				IntStream.rangeClosed(1, 200).mapToObj((millis) -> sample(0, millis, Outcome.OK)).toList(), 1);
		assertThat(load.millis(50)).isEqualTo(100);
		assertThat(load.millis(90)).isEqualTo(180);
		assertThat(load.millis(99)).isEqualTo(198);
		assertThat(load.millis(100)).isEqualTo(200);
	}

	@Test
	void p99ShouldBeThatOfAcceptedRequests() {
		assertThat(load(1, sample(0, 5, Outcome.OK), sample(0, 900, Outcome.UNAVAILABLE)).p99Millis()).isEqualTo(5);
		assertThat(load(1, sample(0, 900, Outcome.TIMED_OUT)).p99Millis()).isNaN();
	}

	@Test
	void perSecondShouldCoverRequestsWhenTheyWereDue() {
		LoadResult load = load(3, sample(0, 5, Outcome.OK), sample(0, 1500, Outcome.OK),
				sample(1, 1000, Outcome.TIMED_OUT));
		assertThat(load.perSecond((second) -> 100 * second.share(ProbesRun::isAnswered))).containsExactly(100, 0,
				Double.NaN);
		assertThat(load.only(ProbesRun::isAnswered).perSecond((second) -> second.millis(100))).containsExactly(1500,
				Double.NaN, Double.NaN);
	}

	@Test
	void serviceUnavailableShouldBeAnAnswerToAProbe() {
		LoadResult answers = load(1, sample(0, 5, Outcome.OK), sample(0, 20, Outcome.UNAVAILABLE),
				sample(0, 1000, Outcome.TIMED_OUT), sample(0, 1, Outcome.FAILED))
			.only(ProbesRun::isAnswered);
		assertThat(answers.sent()).isEqualTo(2);
		assertThat(answers.millis(100)).isEqualTo(20);
	}

	@Test
	void onlyDelayedOrBrokenRequestsShouldHaveHitABlockedLoop() {
		LoadResult newConnections = load(1, sample(0, 5, Outcome.OK), sample(0, 5, Outcome.UNAVAILABLE),
				sample(0, 499, Outcome.OK), sample(0, 501, Outcome.OK), sample(0, 2000, Outcome.TIMED_OUT),
				sample(0, 5, Outcome.FAILED));
		assertThat(newConnections.share(Block::hit)).isEqualTo(0.5);
	}

	@Test
	void whenRequestWasNotAnsweredShouldFailIfAllAreRequired() {
		LoadResult load = load(1, sample(0, 1, Outcome.OK), sample(0, 2, Outcome.TIMED_OUT));
		assertThatIllegalStateException().isThrownBy(load::requireAllOk)
			.withMessageStartingWith("Not all requests were answered");
	}

	private static LoadResult load(int seconds, Sample... samples) {
		return new LoadResult(List.of(samples), seconds);
	}

	private static Sample sample(int second, long millis, Outcome outcome) {
		return new Sample(second * 1_000_000_000L, 0, millis * 1_000_000, outcome, 1, null);
	}

}
