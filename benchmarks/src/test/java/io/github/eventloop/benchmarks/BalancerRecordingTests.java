package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

import org.junit.jupiter.api.Test;

import io.github.eventloop.benchmarks.BalancerRecording.Poll;
import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario;
import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario.Timeline;
import io.github.eventloop.benchmarks.LoadResult.Outcome;
import io.github.eventloop.benchmarks.LoadResult.Sample;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BalancerRecording}: 10 seconds with lag from second 2 to second 6.
 */
class BalancerRecordingTests {

	private static final int A = 1;

	private static final int B = 2;

	private static final int NO_INSTANCE = 3;

	private static final Map<Integer, String> NAMES = Map.of(A, "a", B, "b");

	private static final Timeline TIMELINE = new Timeline(2, 4, 4);

	private final List<Sample> samples = new ArrayList<>();

	private final List<Poll> polls = new ArrayList<>();

	@Test
	void shareShouldBeThatOfTheConnections() {
		send(0, A, Outcome.OK);
		send(0, A, Outcome.OK);
		send(0, A, Outcome.OK);
		send(0, B, Outcome.OK);
		send(1, B, Outcome.OK);
		BalancerRecording recording = recording();
		assertThat(recording.pooled().perSecond((second) -> second.share(recording.on("b")))).startsWith(0.25, 1);
		assertThat(recording.pooled().between(Duration.ZERO, Duration.ofSeconds(2)).share(recording.on("b")))
			.isEqualTo(0.4);
	}

	@Test
	void lostElsewhereShouldNotCountTheLaggingInstance() {
		send(3, B, Outcome.TIMED_OUT);
		send(3, A, Outcome.FAILED);
		send(3, NO_INSTANCE, Outcome.FAILED);
		send(3, A, Outcome.OK);
		assertThat(recording().lost()).isEqualTo(3);
		assertThat(recording().lostElsewhere()).isEqualTo(2);
	}

	@Test
	void outAfterAndBackAfterShouldCountFromStartAndEndOfTheLag() {
		poll("b", (second) -> second < 4 || second > 8);
		assertThat(recording().outAfter("b")).hasValue(2);
		assertThat(recording().backAfter("b")).hasValue(3);
	}

	@Test
	void backAfterShouldIgnoreATemporaryReturn() {
		poll("b", (second) -> second < 4 || second == 7 || second > 8);
		assertThat(recording().backAfter("b")).hasValue(3);
	}

	@Test
	void whenInstanceDoesNotReturnBackAfterShouldBeEmpty() {
		poll("b", (second) -> second < 4);
		assertThat(recording().backAfter("b")).isEmpty();
	}

	private void send(int second, int port, Outcome outcome) {
		this.samples.add(new Sample(second * 1_000_000_000L, 0, 1_000_000, outcome, port, null));
	}

	private void poll(String instance, IntPredicate ready) {
		for (int second = 0; second < 10; second++) {
			this.polls.add(new Poll(second, ready.test(second) ? Set.of(instance) : Set.of()));
		}
	}

	private BalancerRecording recording() {
		return new BalancerRecording(BalancerScenario.all(TIMELINE).get(0), new LoadResult(this.samples, 10),
				new LoadResult(List.of(), 10), this.polls, Map.of(),
				(sample) -> NAMES.getOrDefault(sample.clientPort(), "none"));
	}

}
