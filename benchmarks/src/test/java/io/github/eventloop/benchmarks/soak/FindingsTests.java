package io.github.eventloop.benchmarks.soak;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Findings}.
 */
class FindingsTests {

	private static final Offender SLEEP = new Offender("sleep", "SleepController");

	private static final Visit VISIT = new Visit(SLEEP, 1000, 1300);

	@Test
	void stallDuringAVisitShouldBelongToIt() {
		Findings findings = Findings.of(List.of(VISIT), List.of(stall(1050, "shop.SleepController")));
		assertThat(findings.found()).containsExactly(VISIT);
		assertThat(findings.unmatched()).isEmpty();
	}

	@Test
	void classWithinTheRightOneShouldCount() {
		assertThat(SLEEP.isCulpritOf(stall(0, "shop.SleepController$Nap"))).isTrue();
		assertThat(SLEEP.isCulpritOf(stall(0, "shop.OverSleepController"))).isFalse();
	}

	@Test
	void whenCulpritIsAnotherClassShouldNotCountAsFound() {
		Findings findings = Findings.of(List.of(VISIT), List.of(stall(1050, "shop.HttpController")));
		assertThat(findings.found()).isEmpty();
		assertThat(findings.misattributed()).containsExactly(VISIT);
	}

	@Test
	void whenThereIsNoStallShouldBeMissed() {
		ReportedStall before = stall(900, "shop.SleepController");
		Findings findings = Findings.of(List.of(VISIT), List.of(before));
		assertThat(findings.missed()).containsExactly(VISIT);
		assertThat(findings.unmatched()).containsExactly(before);
	}

	@Test
	void secondStallDuringAVisitShouldBeSpurious() {
		ReportedStall second = stall(1100, "shop.SleepController");
		Findings findings = Findings.of(List.of(VISIT), List.of(stall(1050, "shop.SleepController"), second));
		assertThat(findings.found()).containsExactly(VISIT);
		assertThat(findings.spurious()).containsExactly(second);
	}

	@Test
	void stallByTheCollectorShouldNotBeSpurious() {
		ReportedStall collection = new ReportedStall(1, 500, 200, "GC", "");
		Findings findings = Findings.of(List.of(VISIT), List.of(collection));
		assertThat(findings.unmatched()).containsExactly(collection);
		assertThat(findings.spurious()).isEmpty();
	}

	@Test
	void backlogOfAVisitShouldNotBeSpurious() {
		ReportedStall after = new ReportedStall(1, 1310, 200, "FLOOD", "");
		ReportedStall later = new ReportedStall(2, 2000, 200, "FLOOD", "");
		Findings findings = Findings.of(List.of(VISIT), List.of(stall(1050, "shop.SleepController"), after, later));
		assertThat(findings.spurious()).containsExactly(later);
	}

	@Test
	void visitThatWasTooShortShouldNotBeMissed() {
		Findings findings = Findings.of(List.of(new Visit(SLEEP, 1000, 1149)), List.of());
		assertThat(findings.missed()).isEmpty();
		assertThat(findings.tooShort()).isEqualTo(1);
	}

	private static ReportedStall stall(long startMillis, String culprit) {
		return new ReportedStall(startMillis, startMillis, 200, "SLEEPING", culprit);
	}

}
