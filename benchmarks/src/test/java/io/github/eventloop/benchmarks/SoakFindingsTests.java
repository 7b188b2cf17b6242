package io.github.eventloop.benchmarks;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.eventloop.benchmarks.SoakFindings.Offender;
import io.github.eventloop.benchmarks.SoakFindings.Stall;
import io.github.eventloop.benchmarks.SoakFindings.Visit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SoakFindings}.
 */
class SoakFindingsTests {

	private static final Offender SLEEP = new Offender("sleep", "SleepController");

	private static final Visit VISIT = new Visit(SLEEP, 1000, 1300);

	@Test
	void stallDuringAVisitShouldBelongToIt() {
		SoakFindings findings = SoakFindings.of(List.of(VISIT), List.of(stall(1050, "shop.SleepController")));
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
		SoakFindings findings = SoakFindings.of(List.of(VISIT), List.of(stall(1050, "shop.HttpController")));
		assertThat(findings.found()).isEmpty();
		assertThat(findings.misattributed()).containsExactly(VISIT);
	}

	@Test
	void whenThereIsNoStallShouldBeMissed() {
		Stall before = stall(900, "shop.SleepController");
		SoakFindings findings = SoakFindings.of(List.of(VISIT), List.of(before));
		assertThat(findings.missed()).containsExactly(VISIT);
		assertThat(findings.unmatched()).containsExactly(before);
	}

	@Test
	void secondStallDuringAVisitShouldBeSpurious() {
		Stall second = stall(1100, "shop.SleepController");
		SoakFindings findings = SoakFindings.of(List.of(VISIT), List.of(stall(1050, "shop.SleepController"), second));
		assertThat(findings.found()).containsExactly(VISIT);
		assertThat(findings.spurious()).containsExactly(second);
	}

	@Test
	void stallByTheCollectorShouldNotBeSpurious() {
		Stall collection = new Stall(1, 500, 200, "GC", "");
		SoakFindings findings = SoakFindings.of(List.of(VISIT), List.of(collection));
		assertThat(findings.unmatched()).containsExactly(collection);
		assertThat(findings.spurious()).isEmpty();
	}

	@Test
	void backlogOfAVisitShouldNotBeSpurious() {
		Stall after = new Stall(1, 1310, 200, "FLOOD", "");
		Stall later = new Stall(2, 2000, 200, "FLOOD", "");
		SoakFindings findings = SoakFindings.of(List.of(VISIT),
				List.of(stall(1050, "shop.SleepController"), after, later));
		assertThat(findings.spurious()).containsExactly(later);
	}

	@Test
	void visitThatWasTooShortShouldNotBeMissed() {
		SoakFindings findings = SoakFindings.of(List.of(new Visit(SLEEP, 1000, 1149)), List.of());
		assertThat(findings.missed()).isEmpty();
		assertThat(findings.tooShort()).isEqualTo(1);
	}

	private static Stall stall(long startMillis, String culprit) {
		return new Stall(startMillis, startMillis, 200, "SLEEPING", culprit);
	}

}
