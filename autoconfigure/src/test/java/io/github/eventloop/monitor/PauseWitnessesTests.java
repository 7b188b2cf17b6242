package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.eventloop.monitor.internal.pause.PauseDetector;
import io.github.eventloop.monitor.internal.pause.PauseWitnesses;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PauseWitnesses} and for what the {@link PauseDetector} concludes from
 * them when the monitor thread is late.
 */
class PauseWitnessesTests {

	private final ManualMonitor time = new ManualMonitor();

	private final ManualLoop loop = this.time.addLoop("group", "loop").start();

	static Stream<Arguments> schedules() {
		return Stream.of(Arguments.of("idle", 90, schedule((time, loop) -> pass(time, 90)), 90),
				Arguments.of("in one iteration", 250, schedule((time, loop) -> {
					loop.busy();
					pass(time, 250);
				}), 250), Arguments.of("woke up when the pause was over", 120, schedule((time, loop) -> {
					pass(time, 110);
					loop.busy();
					pass(time, 10);
				}), 110), Arguments.of("fell asleep when the pause began", 60, schedule((time, loop) -> {
					loop.busy();
					pass(time, 4);
					loop.idle();
					pass(time, 56);
				}), 56), Arguments.of("an iteration in the middle", 80, schedule((time, loop) -> {
					pass(time, 50);
					loop.iteration(Duration.ZERO);
					pass(time, 30);
				}), 50), Arguments.of("became busy in the middle", 40, schedule((time, loop) -> {
					pass(time, 20);
					loop.busy();
					pass(time, 20);
				}), 20), Arguments.of("always busy", 60, schedule((time, loop) -> {
					for (int i = 0; i < 20; i++) {
						loop.busy();
						pass(time, 3);
					}
				}), 14), Arguments.of("busy every other time", 72, schedule((time, loop) -> {
					for (int i = 0; i < 12; i++) {
						loop.iteration(Duration.ofMillis(4));
						pass(time, 2);
					}
				}), 24));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("schedules")
	void whenThreadIsLateShouldAddPauseOnlyIfNoLoopDisprovesIt(String name, long late,
			BiConsumer<ManualMonitor, ManualLoop> schedule, long longestMillis) {
		EventLoopMonitor monitor = this.time.monitor();
		monitor.poll();
		// Loops that prove nothing must not outweigh one that does.
		this.time.addLoop("group", "idle").start();
		this.time.addLoop("group", "not started");
		monitor.poll();
		PauseDetector detector = monitor.pauses();
		PauseWitnesses witnesses = new PauseWitnesses();
		this.time.pass(Duration.ofMillis(5));
		witnesses.remember(monitor.views());
		detector.rememberReadings(monitor.views());
		long planned = this.time.now();
		schedule.accept(this.time, this.loop);
		long now = this.time.now();
		assertThat(now - planned).isEqualTo(millis(late));
		assertThat(witnesses.longestPossiblePause(planned, now)).isLessThanOrEqualTo(millis(longestMillis));
		detector.checkWakeUp(planned, now);
		boolean pause = longestMillis >= 0.75 * late;
		assertThat(monitor.pausedNanos(planned, now)).isEqualTo(pause ? millis(late) : 0);
		assertThat(monitor.starvedNanos(planned, now)).isEqualTo(pause ? 0 : millis(late));
		assertThat(monitor.snapshot().pause().totalNanos()).isEqualTo(pause ? millis(late) : 0);
	}

	@Test
	void whenThereIsNoLoopPauseShouldBePossibleThroughout() {
		PauseWitnesses witnesses = new PauseWitnesses();
		witnesses.remember(List.of());
		assertThat(witnesses.longestPossiblePause(17, 4711)).isEqualTo(4694);
	}

	private static BiConsumer<ManualMonitor, ManualLoop> schedule(BiConsumer<ManualMonitor, ManualLoop> schedule) {
		return schedule;
	}

	private static void pass(ManualMonitor time, long millis) {
		time.pass(Duration.ofMillis(millis));
	}

	private static long millis(long millis) {
		return Duration.ofMillis(millis).toNanos();
	}

}
