package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.monitor.Lag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HealthPolicy}.
 */
class HealthPolicyTests {

	private final PolicyRun run = new PolicyRun(new TestSettings().build());

	@Test
	void whenTripAfterIsLongerThanTheWindowShouldFail() {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> new HealthPolicy(HealthSettings.DEFAULT, Duration.ofMillis(2500), () -> 0, null, true))
			.withMessage("'tripAfter' must not be longer than the window of 2500ms but is 3s");
	}

	@Test
	void whenNothingLeavesServiceShouldBeDegradedAtMost() {
		PolicyRun unserved = PolicyRun.withoutService(new TestSettings().build()).start();
		unserved.times(3, () -> unserved.lag(300));
		assertThat(unserved.last()).isEqualTo(degraded("lag p99 up to 300 ms in 3 of the last 4 seconds"));
		Judgement stuck = unserved.stuck(5000);
		assertThat(stuck.status()).isEqualTo(EventLoopStatus.DEGRADED);
		assertThat(stuck.reason()).contains("no progress for 5 s").doesNotContain("service");
		unserved.times(20, () -> unserved.lag(1));
		assertThat(unserved.last()).isEqualTo(healthy("lag p99 1 ms over 10 s"));
	}

	private PolicyRun run() {
		return this.run;
	}

	private void overload() {
		this.run.start().times(3, () -> this.run.lag(300));
		assertThat(this.run.last().status()).isEqualTo(EventLoopStatus.OVERLOADED);
	}

	private static Judgement starting(int seconds, int grace) {
		return new Judgement(EventLoopStatus.STARTING,
				"judged in %d s, when the start-up grace of %d s is over".formatted(seconds, grace));
	}

	private static Judgement healthy(String reason) {
		return new Judgement(EventLoopStatus.HEALTHY, reason);
	}

	private static Judgement degraded(String reason) {
		return new Judgement(EventLoopStatus.DEGRADED, reason);
	}

	private static Judgement overloaded(String reason) {
		return new Judgement(EventLoopStatus.OVERLOADED, reason);
	}

	private static Judgement stuck(String reason) {
		return new Judgement(EventLoopStatus.STUCK, reason);
	}

	/** Return the end of a reason, with the conditions of the return to service. */
	private static String whenCalm(int earliest, int latest) {
		return "; back in service in %d s if no loop is stuck and lag p99 is at most 100 ms until then, in %d s at the latest"
			.formatted(earliest, latest);
	}

	private static TestSettings settings() {
		return new TestSettings();
	}

	@Nested
	class Start {

		@Test
		void whenNoLoopHasStartedShouldBeHealthy() {
			assertThat(run().noLoop()).isEqualTo(healthy("no event loop has started"));
		}

		@Test
		void whenInGraceShouldIgnoreLag() {
			for (int second = 0; second < 30; second++) {
				assertThat(run().lag(5000)).isEqualTo(starting(30 - second, 30));
			}
		}

		@Test
		void whenGraceIsOverShouldJudge() {
			run().times(30, () -> run().lag(1));
			assertThat(run().lag(1)).isEqualTo(healthy("lag p99 1 ms over 10 s"));
		}

		@Test
		void whenGraceIsOverShouldNotCountItsBadSeconds() {
			run().times(30, () -> run().lag(300));
			run().lag(300);
			assertThat(run().lag(300).status()).isEqualTo(EventLoopStatus.DEGRADED);
			assertThat(run().lag(300).status()).isEqualTo(EventLoopStatus.OVERLOADED);
		}

		@Test
		void whenOnlyTheGraceLaggedShouldNotBecomeDegraded() {
			run().times(29, () -> run().lag(1));
			run().lag(900);
			run().times(20, () -> assertThat(run().lag(1).status()).isEqualTo(EventLoopStatus.HEALTHY));
		}

		@Test
		void whenWindowOverlapsGraceAndLagContinuesShouldBecomeDegraded() {
			run().times(30, () -> run().lag(60));
			assertThat(run().lag(60).status()).isEqualTo(EventLoopStatus.DEGRADED);
		}

		@Test
		void graceShouldStartWithTheFirstLoop() {
			run().times(100, () -> run().noLoop());
			run().times(30, () -> assertThat(run().lag(900).status()).isEqualTo(EventLoopStatus.STARTING));
			assertThat(run().lag(900).reason()).startsWith("lag p99");
		}

		@Test
		void whenThereIsNoGraceShouldJudgeTheFirstSecond() {
			PolicyRun run = new PolicyRun(settings().startupGrace(0).build());
			assertThat(run.lag(60).status()).isEqualTo(EventLoopStatus.DEGRADED);
		}

		@Test
		void whenStuckInGraceShouldBeStuckAndRecover() {
			assertThat(run().stuck(3200).status()).isEqualTo(EventLoopStatus.STUCK);
			for (int second = 1; second < 10; second++) {
				// Enough lag to prevent a recovery after the grace period.
				assertThat(run().lag(900))
					.isEqualTo(stuck("no trouble for " + second + " s; back in service in " + (10 - second)
							+ " s if no loop is stuck until then, in " + (120 - second) + " s at the latest"));
			}
			assertThat(run().lag(900)).isEqualTo(starting(20, 30));
		}

		@Test
		void whenAllLoopsHaveEndedShouldStartOver() {
			run().start().times(3, () -> run().lag(900));
			assertThat(run().noLoop()).isEqualTo(healthy("no event loop has started"));
			assertThat(run().lag(900)).isEqualTo(starting(30, 30));
		}

		@ParameterizedTest
		@ValueSource(ints = { 1, 7, 45, 600 })
		void whenNotReadyYetShouldNeverLeaveService(int seconds) {
			run().ready(false);
			assertThat(run().noLoop().status()).isEqualTo(EventLoopStatus.STARTING);
			for (int second = 1; second <= seconds; second++) {
				assertThat(run().lag(5000))
					.isEqualTo(new Judgement(EventLoopStatus.STARTING, "the application is not ready yet"));
				assertThat(run().stuck(second * 1000L).status()).isEqualTo(EventLoopStatus.STARTING);
				assertThat(run().signal(EventLoopStatus.STUCK, "test").status()).isEqualTo(EventLoopStatus.STARTING);
			}
			assertThat(run().stuck(3200)).isEqualTo(new Judgement(EventLoopStatus.STARTING,
					"reactor-http-epoll-2 has made no progress for 3.2 s; the application is not ready yet"));
		}

		@Test
		void graceShouldStartWhenTheApplicationIsReady() {
			run().ready(false).times(50, () -> run().lag(5000));
			run().ready(true);
			for (int second = 0; second < 30; second++) {
				assertThat(run().lag(5000)).isEqualTo(starting(30 - second, 30));
			}
			assertThat(run().lag(5000).status()).isEqualTo(EventLoopStatus.DEGRADED);
		}

		@ParameterizedTest
		@CsvSource({ "2, 30, 1999, STARTING", "2, 30, 29999, STARTING", "2, 30, 30000, STUCK", "5, 12, 11999, STARTING",
				"5, 12, 12000, STUCK" })
		void whenLoopHasAnExcuseInGraceShouldBeStuckAfterTheGrace(int stuckAfter, int grace, long millis,
				EventLoopStatus expected) {
			HealthSettings settings = settings().stuckAfter(stuckAfter).startupGrace(grace).build();
			PolicyRun run = new PolicyRun(settings).slowStartReason("while it loads classes");
			assertThat(run.stuck(millis).status()).isEqualTo(expected);
		}

		@Test
		void whenLoopHasAnExcuseInGraceShouldNameIt() {
			assertThat(run().slowStartReason("while it is starved of CPU").stuck(4000)).isEqualTo(new Judgement(
					EventLoopStatus.STARTING, "reactor-http-epoll-2 has made no progress for 4 s while it is starved "
							+ "of CPU; judged in 30 s, when the start-up grace of 30 s is over"));
		}

		@Test
		void whenLoopHasAnExcuseAfterTheGraceShouldBeStuck() {
			assertThat(run().start().slowStartReason("while it loads classes").stuck(2000).status())
				.isEqualTo(EventLoopStatus.STUCK);
		}

		@Test
		void whenAnotherLoopHasNoExcuseShouldBeStuck() {
			HealthPolicy policy = new HealthPolicy(HealthSettings.DEFAULT, Duration.ofSeconds(10), () -> 0, null, true);
			Judgement judgement = policy
				.judge(new HealthInput(Duration.ZERO, true, true, Lag.NONE, Lag.NONE, 0, 0, Duration.ofSeconds(10),
						Lag.NONE, List.of(new BusyLoop("one", Duration.ofSeconds(8), "while it loads"),
								new BusyLoop("two", Duration.ofSeconds(3), null)),
						List.of()));
			assertThat(judgement.status()).isEqualTo(EventLoopStatus.STUCK);
			assertThat(judgement.reason()).startsWith("two has made no progress for 3 s; ");
		}

	}

	@Nested
	class InService {

		@ParameterizedTest
		@CsvSource({ "49, HEALTHY", "50, DEGRADED", "51, DEGRADED" })
		void shouldBeDegradedAtOrAboveP99(long millis, EventLoopStatus expected) {
			Judgement judgement = run().start().lag(millis);
			assertThat(judgement).isEqualTo(new Judgement(expected, "lag p99 " + millis + " ms over 10 s"));
		}

		@ParameterizedTest
		@CsvSource({ "9, HEALTHY, lag p99 20 ms over 10 s", "10, DEGRADED, lag p50 10 ms over 10 s" })
		void shouldBeDegradedAtOrAboveP50(long millis, EventLoopStatus expected, String reason) {
			Judgement judgement = run().start().lag(Duration.ofMillis(millis), Duration.ofMillis(20));
			assertThat(judgement).isEqualTo(new Judgement(expected, reason));
		}

		@Test
		void shouldBeHealthyAgainWithTheWindow() {
			run().start().lag(60);
			run().times(9, () -> assertThat(run().lag(1).status()).isEqualTo(EventLoopStatus.DEGRADED));
			assertThat(run().lag(1).status()).isEqualTo(EventLoopStatus.HEALTHY);
		}

		@Test
		void whenThereIsOneHiccupShouldStayInService() {
			run().start().lag(300);
			assertThat(run().lag(450).status()).isEqualTo(EventLoopStatus.DEGRADED);
			run().times(30, () -> assertThat(run().lag(1).status().isInService()).isTrue());
		}

		@Test
		void whenThereAreBadSecondsInARowShouldBeOverloaded() {
			run().start().lag(300);
			run().lag(312);
			assertThat(run().lag(250))
				.isEqualTo(overloaded("lag p99 up to 312 ms in 3 of the last 4 seconds" + whenCalm(10, 120)));
		}

		@Test
		void whenHiccupsRepeatWithinTheWindowShouldBeOverloaded() {
			run().start();
			run().times(5, () -> run().lag(1)).lag(300);
			run().times(3, () -> run().lag(1)).lag(300);
			assertThat(run().times(4, () -> run().lag(1)).lag(300))
				.isEqualTo(overloaded("lag p99 up to 300 ms in 3 of the last 10 seconds" + whenCalm(10, 120)));
		}

		@Test
		void whenBadSecondsAreTooFarApartShouldStayInService() {
			run().start();
			run().times(20, () -> {
				run().lag(900);
				run().times(4, () -> run().lag(1));
				assertThat(run().last().status()).isEqualTo(EventLoopStatus.DEGRADED);
			});
		}

		@ParameterizedTest
		@CsvSource({ "199, DEGRADED", "200, OVERLOADED" })
		void shouldCountSecondsAtOrAboveP99(long millis, EventLoopStatus expected) {
			assertThat(run().start().times(3, () -> run().lag(millis)).last().status()).isEqualTo(expected);
		}

		@ParameterizedTest
		@CsvSource({ "0.89, HEALTHY", "0.9, OVERLOADED" })
		void whenUtilizationThresholdIsSetShouldCountSecondsAtOrAbove(double utilization, EventLoopStatus expected) {
			PolicyRun run = new PolicyRun(settings().overloadedUtilization(0.9).build()).start();
			run.times(3, () -> run.utilization(utilization));
			assertThat(run.last().status()).isEqualTo(expected);
		}

		@Test
		void whenUtilizationThresholdIsNotSetShouldIgnoreUtilization() {
			assertThat(run().start().times(50, () -> run().utilization(1)).last().status())
				.isEqualTo(EventLoopStatus.HEALTHY);
		}

		@Test
		void shouldCountLagAndUtilizationTogether() {
			PolicyRun run = new PolicyRun(settings().overloadedUtilization(0.9).build()).start();
			run.utilization(0.95);
			run.lag(300);
			assertThat(run.utilization(0.98))
				.isEqualTo(overloaded("lag p99 up to 300 ms and utilization up to 0.98 in 3 of the last 4 seconds; "
						+ "back in service in 10 s if no loop is stuck and lag p99 is at most 100 ms and utilization "
						+ "below 0.90 until then, in 120 s at the latest"));
		}

		@ParameterizedTest
		@CsvSource({ "40, 7, OVERLOADED", "40, 8, DEGRADED", "-40, 7, OVERLOADED", "-40, 8, DEGRADED" })
		void whenSecondsEndEarlyOrLateShouldCountTenSeconds(long jitter, int goodSeconds, EventLoopStatus expected) {
			for (int offset = 0; offset < 2; offset++) {
				PolicyRun run = new PolicyRun(HealthSettings.DEFAULT).jitter(Duration.ofMillis(jitter)).start();
				run.times(offset, () -> run.lag(1));
				run.times(2, () -> run.lag(300));
				run.times(goodSeconds, () -> run.lag(1));
				assertThat(run.lag(300).status()).isEqualTo(expected);
			}
		}

		@Test
		void whenTheProcessPausesShouldCountOneLongSecond() {
			run().start().lag(300);
			run().lag(300);
			run().pause(Duration.ofSeconds(20));
			assertThat(run().lag(9000).status()).isEqualTo(EventLoopStatus.DEGRADED);
		}

		@ParameterizedTest
		@CsvSource({ "1999, HEALTHY", "2000, STUCK", "3200, STUCK" })
		void shouldBeStuckAtOrAboveTheAge(long millis, EventLoopStatus expected) {
			assertThat(run().start().stuck(millis).status()).isEqualTo(expected);
		}

		@Test
		void whenStuckShouldNameTheLoop() {
			assertThat(run().start().stuck(3200))
				.isEqualTo(stuck("reactor-http-epoll-2 has made no progress for 3.2 s" + whenCalm(10, 120)));
		}

	}

	@Nested
	class OutOfService {

		@Test
		void shouldRecoverAfterCalmSeconds() {
			overload();
			for (int second = 1; second < 10; second++) {
				assertThat(run().lag(100))
					.isEqualTo(overloaded("no trouble for " + second + " s" + whenCalm(10 - second, 120 - second)));
			}
			assertThat(run().lag(100).status()).isEqualTo(EventLoopStatus.DEGRADED);
			assertThat(run().times(10, () -> run().lag(1)).last().status()).isEqualTo(EventLoopStatus.HEALTHY);
		}

		@Test
		void whenLagIsAboveHalfTheThresholdShouldStartOver() {
			overload();
			run().times(9, () -> run().lag(1));
			assertThat(run().lag(101)).isEqualTo(overloaded("lag p99 101 ms in the last second" + whenCalm(10, 110)));
			run().times(9, () -> assertThat(run().lag(1).status()).isEqualTo(EventLoopStatus.OVERLOADED));
			assertThat(run().lag(1).status().isInService()).isTrue();
		}

		@Test
		void whenSecondIsBadShouldDescribeIt() {
			overload();
			assertThat(run().lag(400))
				.isEqualTo(overloaded("lag p99 up to 400 ms in 4 of the last 5 seconds" + whenCalm(10, 119)));
		}

		@Test
		void whenTimeLimitIsReachedFirstShouldAnnounceTheReturn() {
			overload();
			run().times(110, () -> run().lag(400));
			for (int second = 10; second > 0; second--) {
				assertThat(run().last().reason()).endsWith("; back in service in " + second + " s");
				run().lag(400);
			}
			assertThat(run().last().status().isInService()).isTrue();
		}

		@Test
		void whenBackInServiceShouldNotCountEarlierSeconds() {
			PolicyRun run = new PolicyRun(settings().recoverAfter(2).build()).start();
			run.times(10, () -> run.lag(1));
			run.times(3, () -> run.lag(300));
			run.times(2, () -> run.lag(1));
			assertThat(run.last().status()).isEqualTo(EventLoopStatus.DEGRADED);
			run.lag(300);
			assertThat(run.lag(300).status()).isEqualTo(EventLoopStatus.DEGRADED);
			assertThat(run.lag(300).status()).isEqualTo(EventLoopStatus.OVERLOADED);
		}

		@Test
		void whenUtilizationIsBelowThresholdShouldRecover() {
			PolicyRun run = new PolicyRun(settings().overloadedUtilization(0.9).build()).start();
			run.times(3, () -> run.utilization(0.95));
			run.times(9, () -> run.utilization(0.89));
			assertThat(run.last()).isEqualTo(
					overloaded("no trouble for 9 s; back in service in 1 s if no loop is stuck and lag p99 is at "
							+ "most 100 ms and utilization below 0.90 until then, in 111 s at the latest"));
			assertThat(run.utilization(0.9).status()).isEqualTo(EventLoopStatus.OVERLOADED);
			run.times(9, () -> run.utilization(0.89));
			assertThat(run.last().status()).isEqualTo(EventLoopStatus.OVERLOADED);
			assertThat(run.utilization(0.89).status()).isEqualTo(EventLoopStatus.HEALTHY);
		}

		@Test
		void whenStuckShouldBeStuckUntilRecovery() {
			overload();
			assertThat(run().stuck(2000).status()).isEqualTo(EventLoopStatus.STUCK);
			run().times(9, () -> assertThat(run().lag(1).status()).isEqualTo(EventLoopStatus.STUCK));
			assertThat(run().lag(1).status().isInService()).isTrue();
		}

		@Test
		void whenStuckWithoutLagShouldNotRecover() {
			// The loop of a management port has few channels, so its lag has no weight.
			run().start().stuck(2000);
			run().times(30, () -> assertThat(run().stuck(5000).status()).isEqualTo(EventLoopStatus.STUCK));
		}

		@ParameterizedTest
		@ValueSource(ints = { 1, 2, 3, 5, 9 })
		void whenInputFlapsShouldNotFlap(int period) {
			overload();
			run().times(100, () -> {
				boolean bad = run().now().toSeconds() % (period + 1) == 0;
				assertThat(run().lag(bad ? 300 : 1).status()).isEqualTo(EventLoopStatus.OVERLOADED);
			});
		}

	}

	@Nested
	class BackAfterTheTimeLimit {

		@Test
		void whenOutForTooLongShouldBeBackInService() {
			overload();
			run().times(119, () -> assertThat(run().lag(300).status()).isEqualTo(EventLoopStatus.OVERLOADED));
			assertThat(run().lag(312)).isEqualTo(
					degraded("lag p99 312 ms over 10 s; back in service: it has been out of service for long enough"));
		}

		@Test
		void whenStuckForTooLongShouldBeBackInService() {
			run().start().stuck(2000);
			run().times(119, () -> run().stuck(5000));
			assertThat(run().last().status()).isEqualTo(EventLoopStatus.STUCK);
			assertThat(run().stuck(122_000)).isEqualTo(degraded("reactor-http-epoll-2 has made no progress for 122 s, "
					+ "but staying in service for another 10 s: it has been out of service for long enough"));
		}

		@Test
		void overloadAndStuckShouldShareOneTimeLimit() {
			overload();
			run().times(60, () -> run().lag(300));
			run().times(59, () -> run().stuck(5000));
			assertThat(run().last().status()).isEqualTo(EventLoopStatus.STUCK);
			assertThat(run().stuck(5000).status().isInService()).isTrue();
		}

		@Test
		void shouldStayInServiceForAWhile() {
			back();
			run().times(4, () -> assertThat(run().lag(900).status()).isEqualTo(EventLoopStatus.DEGRADED));
			run().times(5, () -> assertThat(run().stuck(5000).status()).isEqualTo(EventLoopStatus.DEGRADED));
			assertThat(run().stuck(5000).status()).isEqualTo(EventLoopStatus.STUCK);
		}

		@Test
		void whenStillOverloadedAfterThatShouldLeave() {
			back();
			run().times(9, () -> assertThat(run().lag(300).status()).isEqualTo(EventLoopStatus.DEGRADED));
			assertThat(run().lag(300).status()).isEqualTo(EventLoopStatus.OVERLOADED);
		}

		@ParameterizedTest
		@CsvSource({ "0, 120", "0.5, 105", "0.999, 91" })
		void shouldDrawHowLongToBeOut(double draw, int secondsOut) {
			PolicyRun run = new PolicyRun(settings().build(), () -> draw).start();
			run.times(3, () -> run.lag(300));
			run.times(secondsOut - 1, () -> assertThat(run.lag(300).status()).isEqualTo(EventLoopStatus.OVERLOADED));
			assertThat(run.lag(300).status().isInService()).isTrue();
		}

		@Test
		void whenReplicasLeaveTogetherShouldReturnAtDifferentTimes() {
			Random random = new Random(42);
			List<PolicyRun> replicas = Stream.generate(() -> new PolicyRun(settings().build(), random::nextDouble))
				.limit(100)
				.toList();
			replicas.forEach((replica) -> replica.start().times(3, () -> replica.lag(300)));
			Map<Integer, Integer> backInSecond = new HashMap<>();
			for (int second = 1; second <= 120; second++) {
				for (PolicyRun replica : replicas) {
					boolean wasOut = !replica.last().status().isInService();
					if (replica.lag(300).status().isInService() && wasOut) {
						backInSecond.merge(second, 1, Integer::sum);
					}
				}
			}
			assertThat(backInSecond.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
			assertThat(backInSecond.keySet()).hasSizeGreaterThan(20);
			assertThat(backInSecond.values()).allMatch((replicasBack) -> replicasBack <= 15);
		}

		@Test
		void whenOverloadNeverEndsShouldReturnToServiceRepeatedly() {
			int before = run().start().secondsInService();
			// Two seconds until it trips. Then ten times 120 s out of service and 10 s in
			// it.
			run().times(1302, () -> run().lag(300));
			assertThat(run().secondsInService() - before).isEqualTo(102);
		}

		@Test
		void whenInGraceShouldReturnToGrace() {
			PolicyRun run = new PolicyRun(settings().startupGrace(60).maxOutOfService(5).build());
			run.times(6, () -> run.stuck(5000));
			assertThat(run.last().status()).isEqualTo(EventLoopStatus.DEGRADED);
			run.times(10, () -> run.lag(900));
			assertThat(run.last()).isEqualTo(starting(45, 60));
		}

		private void back() {
			overload();
			run().times(120, () -> run().lag(300));
			assertThat(run().last().status().isInService()).isTrue();
		}

	}

	@Nested
	class Signals {

		@Test
		void whenDegradedShouldBeDegradedForThisSecond() {
			run().start();
			assertThat(signal(EventLoopStatus.DEGRADED)).isEqualTo(degraded("12 orders wait"));
			assertThat(run().lag(1)).isEqualTo(healthy("lag p99 1 ms over 10 s"));
		}

		@Test
		void whenDegradedForeverShouldStayInService() {
			run().start()
				.times(100, () -> assertThat(signal(EventLoopStatus.DEGRADED).status().isInService()).isTrue());
		}

		@Test
		void whenLagIsDegradedTooShouldGiveBothReasons() {
			run().start().lag(60);
			assertThat(signal(EventLoopStatus.DEGRADED))
				.isEqualTo(degraded("lag p99 60 ms over 10 s and 12 orders wait"));
		}

		@Test
		void whenOverloadedShouldBeDegradedUntilItTrips() {
			run().start();
			assertThat(signal(EventLoopStatus.OVERLOADED)).isEqualTo(degraded("12 orders wait"));
			assertThat(signal(EventLoopStatus.OVERLOADED)).isEqualTo(degraded("12 orders wait"));
			assertThat(signal(EventLoopStatus.OVERLOADED))
				.isEqualTo(overloaded("12 orders wait in 3 of the last 4 seconds" + whenCalm(10, 120)));
		}

		@Test
		void whenOverloadedShouldCountTogetherWithLag() {
			run().start().times(2, () -> run().lag(300));
			assertThat(signal(EventLoopStatus.OVERLOADED)).isEqualTo(overloaded(
					"lag p99 up to 300 ms and 12 orders wait in 3 of the last 4 seconds" + whenCalm(10, 120)));
		}

		@Test
		void whenOverloadedShouldNotRecover() {
			run().start().times(3, () -> signal(EventLoopStatus.OVERLOADED));
			run().times(9, () -> run().lag(1));
			assertThat(signal(EventLoopStatus.OVERLOADED).status()).isEqualTo(EventLoopStatus.OVERLOADED);
			run().times(9, () -> assertThat(run().lag(1).status()).isEqualTo(EventLoopStatus.OVERLOADED));
			assertThat(run().lag(1).status()).isEqualTo(EventLoopStatus.HEALTHY);
		}

		@Test
		void whenDegradedShouldStillRecover() {
			run().start().times(3, () -> signal(EventLoopStatus.OVERLOADED));
			run().times(10, () -> signal(EventLoopStatus.DEGRADED));
			assertThat(run().last()).isEqualTo(degraded("12 orders wait"));
		}

		@Test
		void whenStuckShouldBeStuckAtOnce() {
			run().start();
			assertThat(signal(EventLoopStatus.STUCK)).isEqualTo(stuck("12 orders wait" + whenCalm(10, 120)));
			run().times(9, () -> assertThat(run().lag(1).status()).isEqualTo(EventLoopStatus.STUCK));
			assertThat(run().lag(1).status()).isEqualTo(EventLoopStatus.HEALTHY);
		}

		@Test
		void whenALoopIsStuckTooShouldNameTheLoop() {
			run().start();
			assertThat(run().judge(Lag.NONE, 0, Duration.ofSeconds(3), true,
					new Judgement(EventLoopStatus.STUCK, "12 orders wait")))
				.isEqualTo(stuck("reactor-http-epoll-2 has made no progress for 3 s" + whenCalm(10, 120)));
		}

		@Test
		void whenInGraceShouldIgnoreAllButStuck() {
			run().times(5,
					() -> assertThat(signal(EventLoopStatus.OVERLOADED).status()).isEqualTo(EventLoopStatus.STARTING));
			assertThat(signal(EventLoopStatus.DEGRADED).status()).isEqualTo(EventLoopStatus.STARTING);
			assertThat(signal(EventLoopStatus.STUCK).status()).isEqualTo(EventLoopStatus.STUCK);
		}

		@ParameterizedTest
		@EnumSource(mode = EnumSource.Mode.INCLUDE, names = { "OVERLOADED", "STUCK" })
		void whenItNeverEndsShouldBeBackForAWhile(EventLoopStatus status) {
			run().start().times(126, () -> signal(status));
			assertThat(run().last().status()).isEqualTo(EventLoopStatus.DEGRADED);
		}

		private Judgement signal(EventLoopStatus status) {
			return run().signal(status, "12 orders wait");
		}

	}

}
