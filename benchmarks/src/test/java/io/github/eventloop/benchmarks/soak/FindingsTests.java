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
		assertThat(findings.without()).isEmpty();
	}

	@Test
	void classWithinTheRightOneShouldCount() {
		assertThat(SLEEP.isBlamedBy(stall(0, "shop.SleepController$Nap"))).isTrue();
		assertThat(SLEEP.isBlamedBy(stall(0, "shop.OverSleepController"))).isFalse();
	}

	@Test
	void whenAnotherClassIsBlamedShouldNotCountAsFound() {
		Findings findings = Findings.of(List.of(VISIT), List.of(stall(1050, "shop.HttpController")));
		assertThat(findings.found()).isEmpty();
		assertThat(findings.blamedElsewhere()).containsExactly(VISIT);
	}

	@Test
	void whenThereIsNoStallShouldBeMissed() {
		SeenStall before = stall(900, "shop.SleepController");
		Findings findings = Findings.of(List.of(VISIT), List.of(before));
		assertThat(findings.missed()).containsExactly(VISIT);
		assertThat(findings.without()).containsExactly(before);
	}

	@Test
	void secondStallDuringAVisitShouldBeMadeUp() {
		SeenStall second = stall(1100, "shop.SleepController");
		Findings findings = Findings.of(List.of(VISIT), List.of(stall(1050, "shop.SleepController"), second));
		assertThat(findings.found()).containsExactly(VISIT);
		assertThat(findings.invented()).containsExactly(second);
	}

	@Test
	void stallByTheCollectorShouldNotBeMadeUp() {
		SeenStall collection = new SeenStall(1, 500, 200, "GC", "");
		Findings findings = Findings.of(List.of(VISIT), List.of(collection));
		assertThat(findings.without()).containsExactly(collection);
		assertThat(findings.invented()).isEmpty();
	}

	@Test
	void whatHasPiledUpBehindAVisitShouldNotBeMadeUp() {
		SeenStall after = new SeenStall(1, 1310, 200, "FLOOD", "");
		SeenStall later = new SeenStall(2, 2000, 200, "FLOOD", "");
		Findings findings = Findings.of(List.of(VISIT), List.of(stall(1050, "shop.SleepController"), after, later));
		assertThat(findings.invented()).containsExactly(later);
	}

	@Test
	void visitThatWasTooShortShouldNotBeMissed() {
		Findings findings = Findings.of(List.of(new Visit(SLEEP, 1000, 1149)), List.of());
		assertThat(findings.missed()).isEmpty();
		assertThat(findings.tooShort()).isEqualTo(1);
	}

	private static SeenStall stall(long startMillis, String culprit) {
		return new SeenStall(startMillis, startMillis, 200, "SLEEPING", culprit);
	}

}
