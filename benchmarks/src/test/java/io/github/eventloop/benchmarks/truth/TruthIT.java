package io.github.eventloop.benchmarks.truth;

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

import io.github.eventloop.benchmarks.IdleMachine;
import io.github.eventloop.benchmarks.truth.Experiment.Outcome;
import io.github.eventloop.benchmarks.truth.Experiment.Transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The run {@code truth}, shorter. What is true is noted by the program that is measured,
 * so that it is known on a busy machine too, but for two things: a loop that loses its
 * CPU between two pieces of work is busy, and the truth knows nothing of it; and a
 * monitor that loses its CPU takes that for a pause. A machine that does the first to the
 * work itself is too busy, and half of the looks may meet the second.
 */
@Timeout(240)
class TruthIT {

	private static final Duration WINDOW = Duration.ofSeconds(3);

	/** For so long the machine may take the CPU away from a loop at once. */
	private static final double LONGEST_LOSS_MILLIS = 30;

	@TempDir
	private Path logs;

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = { "SCATTERED", "GARBAGE", "QUOTA" })
	void reportsShouldBeTrueWithNio(Schedule schedule) {
		IdleMachine.test(() -> assertThatMostLooksAreTrue(play(schedule, Transport.NIO).orElseThrow()));
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = { "SCATTERED", "GARBAGE", "QUOTA" })
	void reportsShouldBeTrueWithEpoll(Schedule schedule) {
		assumeThat(Epoll.isAvailable()).as("epoll").isTrue();
		IdleMachine.test(() -> assertThatMostLooksAreTrue(play(schedule, Transport.EPOLL).orElseThrow()));
	}

	@ParameterizedTest
	@EnumSource(names = { "GARBAGE", "QUOTA" })
	void pausesShouldBeSeen(Schedule schedule) {
		IdleMachine.test(() -> assertThatPausesAreSeen(schedule));
	}

	private void assertThatPausesAreSeen(Schedule schedule) {
		Optional<Outcome> outcome = play(schedule, Transport.NIO);
		assumeThat(outcome).as("a control group of one's own").isPresent();
		Look last = outcome.orElseThrow().looks().get(Experiment.LOOKS - 1);
		assertThat(last.truth().pauseMillis()).as("what the schedule does").isPositive();
		assertThat(last.reported().pauseMillis()).isBetween(last.truth().pauseMillis() * 0.6,
				last.truth().pauseMillis() * 1.4);
	}

	private Optional<Outcome> play(Schedule schedule, Transport transport) {
		return new Experiment(schedule, transport, WINDOW).play(this.logs);
	}

	private static void assertThatMostLooksAreTrue(Outcome outcome) {
		Schedule schedule = outcome.experiment().schedule();
		List<Look> looks = outcome.looks();
		double busy = looks.stream().mapToDouble((look) -> look.truth().utilization()).average().orElseThrow();
		assumeThat(busy).as("utilization, with what others take from the work").isLessThan(1.1 * schedule.share());
		List<Look> untrue = looks.stream()
			.filter((look) -> !Deviation.of(schedule, look).stream().allMatch(TruthIT::isAllowed))
			.toList();
		assertThat(untrue).hasSizeLessThanOrEqualTo(looks.size() / 2);
	}

	/** A single turn that loses its CPU between two pieces of work is in many looks. */
	private static boolean isAllowed(Deviation deviation) {
		return deviation.isAllowed() || (deviation.figure().equals("max") && deviation.difference() > 0
				&& deviation.difference() < LONGEST_LOSS_MILLIS);
	}

}
