package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import io.github.eventloop.benchmarks.ScheduleProgram.Comparison;
import io.github.eventloop.benchmarks.TruthRun.Deviation;
import io.github.eventloop.benchmarks.TruthRun.Outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Shortened version of the benchmark {@code truth}. The truth is recorded by the measured
 * program itself, so it is known on a busy machine too, with two exceptions: a loop that
 * loses its CPU between two tasks is busy, which the truth does not include; and a
 * monitor thread that loses its CPU takes that for a pause. If the machine does the first
 * to the tasks themselves, it is too busy for this test, and up to half of the snapshots
 * may be affected by the second.
 */
@Timeout(240)
class TruthIT {

	private static final Duration WINDOW = Duration.ofSeconds(3);

	/** The longest time for which the machine may take the CPU away from a loop. */
	private static final double LONGEST_LOSS_MILLIS = 30;

	@TempDir
	private Path logs;

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = { "SCATTERED", "GARBAGE", "QUOTA" })
	void reportsShouldBeTrueWithNio(Schedule schedule) throws Throwable {
		IdleMachine.test(() -> assertThatMostSnapshotsAreTrue(run(schedule, false).orElseThrow()));
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = { "SCATTERED", "GARBAGE", "QUOTA" })
	void reportsShouldBeTrueWithEpoll(Schedule schedule) throws Throwable {
		assumeThat(Epoll.isAvailable()).as("epoll").isTrue();
		IdleMachine.test(() -> assertThatMostSnapshotsAreTrue(run(schedule, true).orElseThrow()));
	}

	@ParameterizedTest
	@EnumSource(names = { "GARBAGE", "QUOTA" })
	void pausesShouldBeSeen(Schedule schedule) throws Throwable {
		IdleMachine.test(() -> assertThatPausesAreSeen(schedule));
	}

	private void assertThatPausesAreSeen(Schedule schedule) throws IOException {
		Optional<Outcome> outcome = run(schedule, false);
		assumeThat(outcome).as("a writable control group").isPresent();
		Comparison last = outcome.orElseThrow().comparisons().get(TruthRun.SNAPSHOTS - 1);
		assertThat(last.truth().pauseMillis()).as("pauses caused by the schedule").isPositive();
		assertThat(last.reported().pauseMillis()).isBetween(last.truth().pauseMillis() * 0.6,
				last.truth().pauseMillis() * 1.4);
	}

	private Optional<Outcome> run(Schedule schedule, boolean epoll) throws IOException {
		return new TruthRun(schedule, epoll, WINDOW).run(this.logs);
	}

	private static void assertThatMostSnapshotsAreTrue(Outcome outcome) {
		Schedule schedule = outcome.run().schedule();
		List<Comparison> comparisons = outcome.comparisons();
		double busy = comparisons.stream()
			.mapToDouble((comparison) -> comparison.truth().utilization())
			.average()
			.orElseThrow();
		assumeThat(busy).as("utilization, including lost CPU time").isLessThan(1.1 * schedule.share());
		List<Comparison> untrue = comparisons.stream()
			.filter((comparison) -> !outcome.run().deviations(comparison).stream().allMatch(TruthIT::isAllowed))
			.toList();
		assertThat(untrue).hasSizeLessThanOrEqualTo(comparisons.size() / 2);
	}

	/**
	 * A single iteration that loses its CPU between two tasks is part of many snapshots.
	 */
	private static boolean isAllowed(Deviation deviation) {
		return deviation.isAllowed() || (deviation.figure().equals("max") && deviation.difference() > 0
				&& deviation.difference() < LONGEST_LOSS_MILLIS);
	}

}
