package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

import org.junit.jupiter.api.Test;

import io.github.eventloop.benchmarks.BalancerRecording.Poll;
import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario.Timeline;
import io.github.eventloop.benchmarks.FleetRecording.Absence;
import io.github.eventloop.benchmarks.FleetScenario.FleetColumn;
import io.github.eventloop.benchmarks.LoadResult.Outcome;
import io.github.eventloop.benchmarks.LoadResult.Sample;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FleetRecording} and {@link FleetRow}: 10 seconds with lag from second
 * 2 to second 6.
 */
class FleetRecordingTests {

	private static final Timeline TIMELINE = new Timeline(2, 4, 4);

	private final List<Sample> samples = new ArrayList<>();

	private final List<Poll> polls = new ArrayList<>();

	@Test
	void inTimeShouldCountAnswersWithinASecondFromTheStartOfTheLag() {
		send(1, 2000, Outcome.OK);
		send(3, 1000, Outcome.OK);
		send(3, 1001, Outcome.OK);
		send(3, 1, Outcome.UNAVAILABLE);
		send(9, 1, Outcome.OK);
		assertThat(recording(FleetScenario.TWICE).inTime()).isEqualTo(0.5);
		assertThat(recording(FleetScenario.TWICE).value()).isEqualTo(0.5);
	}

	@Test
	void answersPerSecondShouldCountThoseOfTheLag() {
		send(1, 1, Outcome.OK);
		send(3, 1, Outcome.OK);
		send(5, 1, Outcome.OK);
		send(5, 1, Outcome.FAILED);
		send(7, 1, Outcome.OK);
		assertThat(recording(FleetScenario.ALL_CALLERS).answersPerSecond()).isEqualTo(0.5);
		assertThat(recording(FleetScenario.ALL_CALLERS).value()).isEqualTo(0.5);
	}

	@Test
	void longestWithoutAnyShouldIgnoreTheTimeBeforeTheLag() {
		poll((second) -> (second < 2 || second == 4 || second == 7 || second == 8) ? Set.of() : Set.of("a"));
		assertThat(recording(FleetScenario.TWICE).longestWithoutAny()).isEqualTo(2);
	}

	@Test
	void whenOneIsAlwaysReadyThereShouldBeNoTimeWithoutAny() {
		poll((second) -> Set.of("a"));
		assertThat(recording(FleetScenario.TWICE).longestWithoutAny()).isZero();
		assertThat(Absence.describe(recording(FleetScenario.TWICE).absences("a"))).isEqualTo("-");
	}

	@Test
	void absencesShouldCountFromTheStartOfTheLagAndEndWithTheRecording() {
		poll((second) -> (second == 3 || second == 4 || second > 7) ? Set.of("a") : Set.of("a", "b"));
		List<Absence> absences = recording(FleetScenario.ONE).absences("b");
		assertThat(absences).containsExactly(new Absence(1, 3), new Absence(6, 8));
		assertThat(Absence.describe(absences)).isEqualTo("1 to 3 s, 6 to 8 s");
	}

	@Test
	void callersShouldBeComparedWithNothing() {
		FleetRow row = new FleetRow(FleetScenario.ALL_CALLERS, 3,
				Map.of(FleetColumn.NOTHING, answered(10), FleetColumn.DEFAULTS, answered(8)));
		assertThat(row.cells()).containsExactly("shared slow backend", "3", "100.0 %", "80.0 % (8 s)");
		assertThat(row.missed()).containsExactly(
				"all-callers, 3 instances: 'defaults' answers at least 90 % of what 'nothing' does, but 80.0 %");
	}

	@Test
	void withoutNothingCallersShouldBeCounted() {
		FleetRow row = new FleetRow(FleetScenario.ALL_CALLERS, 3, Map.of(FleetColumn.DEFAULTS, answered(10)));
		assertThat(row.cells()).containsExactly("shared slow backend", "3", "2.5 per second");
		assertThat(row.missed()).isEmpty();
	}

	@Test
	void withAGateAnInstanceShouldAlwaysBeReady() {
		poll((second) -> Set.of());
		send(3, 1, Outcome.OK);
		FleetRow row = new FleetRow(FleetScenario.ONE, 5, Map.of(FleetColumn.GATE, recording(FleetScenario.ONE)));
		assertThat(row.missed())
			.containsExactly("one, 5 instances: with 'gate' an instance is always ready, but none was for 8.0 s");
	}

	@Test
	void wholeTableShouldTakeLessThanFortyMinutes() {
		int cells = FleetScenario.values().length * FleetColumn.values().length;
		assertThat(FleetRun.estimate(FleetRun.DEFAULT, FleetRun.SIZES, cells)).isLessThan(Duration.ofMinutes(60));
	}

	/** None is ready if some requests are not answered. */
	private FleetRecording answered(int count) {
		List<Sample> all = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			all.add(new Sample(3_000_000_000L, 0, 1, (i < count) ? Outcome.OK : Outcome.FAILED, 0, null));
		}
		List<Poll> ready = List.of(new Poll(2, (count == 10) ? Set.of("a") : Set.of()));
		return new FleetRecording(FleetScenario.ALL_CALLERS, TIMELINE, new LoadResult(all, 10), ready);
	}

	private void send(int second, int latencyMillis, Outcome outcome) {
		this.samples.add(new Sample(second * 1_000_000_000L, 0, latencyMillis * 1_000_000L, outcome, 0, null));
	}

	private void poll(IntFunction<Set<String>> ready) {
		for (int second = 0; second < 10; second++) {
			this.polls.add(new Poll(second, ready.apply(second)));
		}
	}

	private FleetRecording recording(FleetScenario scenario) {
		return new FleetRecording(scenario, TIMELINE, new LoadResult(this.samples, 10), this.polls);
	}

}
