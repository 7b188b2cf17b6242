package io.github.eventloop.health.internal;

import java.util.Iterator;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.Judgement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HealthPolicy}: whether an instance in trouble leaves service.
 */
class LeavingTests {

	@ParameterizedTest
	@CsvSource({ "0, 1", "0.1, 4", "0.5, 16", "0.999, 31" })
	void shouldLeaveAfterARandomDelay(double draw, int seconds) {
		PolicyRun run = leaving(draw).requests(100).settle();
		run.times(2, () -> run.lag(300));
		run.times(seconds - 1, () -> assertThat(run.lag(300).status()).isEqualTo(EventLoopStatus.DEGRADED));
		assertThat(run.lag(300).status()).isEqualTo(EventLoopStatus.OVERLOADED);
	}

	@Test
	void whenStuckShouldLeaveAfterTheSameDelay() {
		PolicyRun run = leaving(0.1).requests(100).settle();
		assertThat(run.stuck(2000)).isEqualTo(degraded(
				"reactor-http-epoll-2 has made no progress for 2 s; leaving service in 3 s unless requests increase"));
		run.times(2, () -> assertThat(run.stuck(3000).status()).isEqualTo(EventLoopStatus.DEGRADED));
		assertThat(run.stuck(5000).status()).isEqualTo(EventLoopStatus.STUCK);
	}

	@Test
	void shouldSayWhenItLeaves() {
		PolicyRun run = leaving(0.5).requests(100).settle();
		run.times(3, () -> run.lag(300));
		assertThat(run.last()).isEqualTo(degraded("lag p99 up to 300 ms in 3 of the last 10 seconds; "
				+ "leaving service in 15 s unless requests increase"));
	}

	@Test
	void whenTroubleEndsDuringTheDelayShouldNotLeave() {
		PolicyRun run = leaving(0.5).requests(100).settle();
		run.times(3, () -> run.lag(300));
		run.times(8, () -> run.lag(1));
		assertThat(run.last()).isEqualTo(degraded("lag p99 300 ms over 10 s"));
		run.times(20, () -> assertThat(run.lag(1).status().isInService()).isTrue());
		assertThat(run.last()).isEqualTo(healthy("lag p99 1 ms over 10 s"));
	}

	@Test
	void whenStuckAgainAndAgainShouldLeaveWhenTheDelayHasPassedInTrouble() {
		PolicyRun run = leaving(0.5).requests(100).settle();
		run.times(3, () -> {
			run.times(5, () -> assertThat(run.stuck(5000).status()).isEqualTo(EventLoopStatus.DEGRADED));
			run.times(12, () -> run.lag(1));
		});
		assertThat(run.stuck(5000).status()).isEqualTo(EventLoopStatus.STUCK);
	}

	@Test
	void whenTroubleIsInterruptedShouldWaitForTheRestOfTheDelay() {
		PolicyRun run = leaving(0.5).requests(100).settle();
		run.times(3, () -> run.lag(300));
		run.times(29, () -> run.lag(1));
		run.times(3, () -> run.lag(300));
		assertThat(run.last()).isEqualTo(degraded("lag p99 up to 300 ms in 3 of the last 10 seconds; "
				+ "leaving service in 7 s unless requests increase"));
	}

	@Test
	void whenTroubleRecursLaterShouldDrawTheDelayAnew() {
		Iterator<Double> draws = List.of(0.5, 0.9).iterator();
		PolicyRun run = new PolicyRun(settings().leaveWithin(30).build(), draws::next).requests(100).settle();
		run.times(3, () -> run.lag(300));
		run.times(40, () -> run.lag(1));
		run.times(3, () -> run.lag(300));
		assertThat(run.last()).isEqualTo(degraded("lag p99 up to 300 ms in 3 of the last 10 seconds; "
				+ "leaving service in 27 s unless requests increase"));
	}

	@Test
	void whenRequestsIncreaseShouldStay() {
		PolicyRun run = leaving(0.5).requests(100).settle();
		run.times(8, () -> run.lag(300));
		run.requests(150).times(5, () -> run.lag(300));
		assertThat(run.last().status()).isEqualTo(EventLoopStatus.DEGRADED);
		assertThat(run.last().reason()).contains("but staying in service for another ")
			.endsWith(" requests per second arrive, and 100 did before: others may have left, or the load has risen");
		run.times(100, () -> assertThat(run.lag(300).status()).isEqualTo(EventLoopStatus.DEGRADED));
	}

	@Test
	void whenStayIsOverShouldConsiderLeavingAgain() {
		PolicyRun run = leaving(0).requests(100).settle();
		run.requests(200).times(3, () -> run.lag(300));
		assertThat(run.last().reason()).contains("but staying in service for another 120 s: ");
		run.requests(100).times(119, () -> assertThat(run.lag(300).status().isInService()).isTrue());
		assertThat(run.lag(300).status()).isEqualTo(EventLoopStatus.OVERLOADED);
	}

	@ParameterizedTest
	@CsvSource({ "1000, 1090, OVERLOADED", "1000, 1110, DEGRADED", "20, 25, OVERLOADED", "20, 30, DEGRADED" })
	void shouldIgnoreAnIncreaseThatChanceExplains(int before, int during, EventLoopStatus expected) {
		PolicyRun run = leaving(0.2).requests(before).settle();
		run.requests(during).times(9, () -> run.lag(300));
		assertThat(run.last().status()).isEqualTo(expected);
	}

	@Test
	void whenTrafficArrivesAfterTheStartShouldNotTakeItForAnIncrease() {
		PolicyRun run = new PolicyRun(settings().startupGrace(30).leaveWithin(30).build(), () -> 0.2);
		run.requests(1).times(20, () -> run.lag(300));
		run.requests(100).times(10, () -> run.lag(1));
		run.times(10, () -> run.lag(1));
		run.times(9, () -> run.lag(300));
		assertThat(run.last().status()).isEqualTo(EventLoopStatus.OVERLOADED);
	}

	@Test
	void whenFewRequestsArriveAfterNoneShouldIgnoreThem() {
		PolicyRun run = leaving(0.2).requests(1).settle();
		run.requests(0).times(40, () -> run.lag(1));
		int[] second = { 0 };
		run.times(9, () -> run.requests((second[0]++ % 4 == 0) ? 1 : 0).lag(300));
		assertThat(run.last().status()).isEqualTo(EventLoopStatus.OVERLOADED);
	}

	@Test
	void whenRequestsOfALongStallAreCountedShouldNotTakeThemForAnIncrease() {
		PolicyRun run = leaving(0.5).requests(100).settle();
		run.requests(0).times(8, () -> run.stuck(8000));
		run.requests(900).lag(300);
		run.requests(100).times(3, () -> run.lag(300));
		assertThat(run.last().reason()).doesNotContain("staying");
	}

	@Test
	void whenOneSecondWasBadShouldCompareWithRequestsAfterIt() {
		PolicyRun run = leaving(0).requests(100).settle();
		run.lag(300);
		run.requests(600).times(60, () -> run.lag(1));
		assertThat(run.times(3, () -> run.lag(300)).last().status()).isEqualTo(EventLoopStatus.OVERLOADED);
	}

	@Test
	void whenATroubleLastsForLongShouldCompareWithRequestsDuringIt() {
		PolicyRun run = leaving(0).requests(100).settle();
		run.requests(200).times(600, () -> run.lag(300));
		assertThat(run.last().reason()).contains("staying");
		run.times(10, () -> run.lag(300));
		assertThat(run.last().status()).isEqualTo(EventLoopStatus.OVERLOADED);
	}

	@Test
	void whenItReturnsShouldCompareWithRequestsBeforeTheTrouble() {
		// Few requests arrive while it is out: that they increase afterwards is
		// normal.
		PolicyRun run = leaving(0).requests(100).settle();
		run.times(3, () -> run.lag(300));
		assertThat(run.last().status()).isEqualTo(EventLoopStatus.OVERLOADED);
		run.requests(0).times(10, () -> run.lag(1));
		assertThat(run.last().status().isInService()).isTrue();
		run.requests(100).times(20, () -> run.lag(1));
		assertThat(run.times(3, () -> run.lag(300)).last().status()).isEqualTo(EventLoopStatus.OVERLOADED);
	}

	@Test
	void whenCalmForLongShouldCompareWithRequestsSinceThen() {
		PolicyRun run = leaving(0).requests(100).settle();
		run.times(3, () -> run.lag(300));
		run.times(10, () -> run.lag(1));
		run.requests(300).times(160, () -> run.lag(1));
		assertThat(run.times(3, () -> run.lag(300)).last().status()).isEqualTo(EventLoopStatus.OVERLOADED);
	}

	@Test
	void whenThereAreNoRequestsShouldStay() {
		PolicyRun run = leaving(0).requests(1).settle();
		run.requests(0).times(40, () -> run.lag(1));
		run.times(3, () -> run.lag(300));
		assertThat(run.last().reason()).endsWith(": no requests arrive that another instance could handle");
	}

	@Test
	void whenRequestsAreNotCountedShouldLeave() {
		PolicyRun run = leaving(0).requests(0).settle();
		assertThat(run.times(3, () -> run.lag(300)).last().status()).isEqualTo(EventLoopStatus.OVERLOADED);
	}

	@Test
	void whenThereIsNoDelayShouldLeaveWhateverTheRequests() {
		PolicyRun run = new PolicyRun(settings().leaveWithin(0).build(), () -> 0.9).requests(100).settle();
		run.requests(1000).times(3, () -> run.lag(300));
		assertThat(run.last().status()).isEqualTo(EventLoopStatus.OVERLOADED);
	}

	@Test
	void whenAllLoopsHaveEndedShouldForgetThatItStays() {
		PolicyRun run = leaving(0).requests(100).settle();
		run.requests(200).times(3, () -> run.lag(300));
		assertThat(run.last().reason()).contains("staying");
		run.noLoop();
		run.requests(100).start();
		assertThat(run.policy().isDraining()).isFalse();
	}

	@Test
	void shouldDrainWhileOutAndWhileItStaysAndLags() {
		PolicyRun run = leaving(0).requests(100).settle();
		assertThat(run.policy().isDraining()).isFalse();
		run.requests(200).times(3, () -> run.lag(300));
		assertThat(run.policy().isDraining()).isTrue();
		run.lag(1);
		assertThat(run.policy().isDraining()).isFalse();
		run.lag(300);
		assertThat(run.policy().isDraining()).isTrue();
		run.requests(100).times(120, () -> run.lag(300));
		assertThat(run.last().status()).isEqualTo(EventLoopStatus.OVERLOADED);
		assertThat(run.policy().isDraining()).isTrue();
	}

	@Test
	void shouldCountAndReportThatItStays() {
		PolicyRun run = leaving(0).requests(100).settle();
		run.requests(200).times(3, () -> run.lag(300));
		assertThat(run.policy().hasStayed()).isTrue();
		run.times(120, () -> {
			run.lag(300);
			assertThat(run.policy().hasStayed()).isFalse();
		});
		assertThat(run.policy().stays()).isEqualTo(2);
	}

	private PolicyRun leaving(double draw) {
		return new PolicyRun(settings().leaveWithin(30).build(), () -> draw);
	}

	private static Judgement healthy(String reason) {
		return new Judgement(EventLoopStatus.HEALTHY, reason);
	}

	private static Judgement degraded(String reason) {
		return new Judgement(EventLoopStatus.DEGRADED, reason);
	}

	private static TestSettings settings() {
		return new TestSettings();
	}

}
