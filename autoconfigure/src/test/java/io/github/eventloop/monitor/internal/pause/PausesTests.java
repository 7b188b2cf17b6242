package io.github.eventloop.monitor.internal.pause;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Pauses}, in milliseconds.
 */
class PausesTests {

	private final Pauses pauses = new Pauses();

	@Test
	void overlappingPausesShouldBeMerged() {
		add(100, 150);
		add(200, 250);
		add(140, 210);
		assertThat(pending()).containsExactly(150);
		assertThat(within(0, 1000)).isEqualTo(150);
	}

	@Test
	void adjacentPausesShouldNotBeMerged() {
		add(100, 150);
		add(150, 180);
		add(99, 100);
		assertThat(pending()).as("in the order in which they ended").containsExactly(1, 50, 30);
		assertThat(within(120, 160)).isEqualTo(40);
	}

	@Test
	void whenAccountedForShouldNotBePendingAgain() {
		add(100, 150);
		assertThat(account(0)).containsExactly(50);
		add(100, 150);
		assertThat(pending()).isEmpty();
		assertThat(within(0, 1000)).isEqualTo(50);
	}

	@Test
	void whenSecondReportIsLateShouldNotBePendingAgain() {
		add(140, 160);
		account(0);
		add(100, 150);
		assertThat(pending()).isEmpty();
		assertThat(within(0, 1000)).isEqualTo(60);
	}

	@Test
	void whenNextPauseIsAdjacentToAccountedOneShouldBePending() {
		add(100, 150);
		account(0);
		add(150, 180);
		assertThat(pending()).containsExactly(30);
	}

	/** Collectors report late, and longer pauses than the known ones may end later. */
	@Test
	void whenAddedInAnyOrderShouldSumUpTimeWithin() {
		add(300, 310);
		add(100, 110);
		add(200, 260);
		add(250, 330);
		add(10, 20);
		assertThat(within(0, 1000)).isEqualTo(10 + 10 + 130);
		assertThat(within(105, 205)).isEqualTo(5 + 5);
		assertThat(within(15, 105)).isEqualTo(5 + 5);
		assertThat(within(330, 1000)).isZero();
	}

	@Test
	void whenTooOldShouldBeDiscarded() {
		add(100, 150);
		add(160, 200);
		account(180);
		assertThat(within(0, 1000)).isEqualTo(40);
	}

	@Test
	void whenThereAreTooManyShouldDiscardTheOldest() {
		for (long i = 0; i < 2000; i++) {
			add(10 * i, 10 * i + 5);
		}
		assertThat(pending()).hasSize(1000);
		assertThat(within(0, 10_000)).isZero();
	}

	private void add(long from, long to) {
		this.pauses.add(nanos(from), nanos(to));
	}

	private long[] account(long oldest) {
		return millis(this.pauses.account(nanos(oldest)));
	}

	private long[] pending() {
		return millis(this.pauses.pending());
	}

	private long within(long from, long to) {
		return Duration.ofNanos(this.pauses.within(nanos(from), nanos(to))).toMillis();
	}

	private static long[] millis(long[] nanos) {
		long[] millis = new long[nanos.length];
		for (int i = 0; i < nanos.length; i++) {
			millis[i] = Duration.ofNanos(nanos[i]).toMillis();
		}
		return millis;
	}

	/** Close to where {@link System#nanoTime()} overflows. */
	private static long nanos(long millis) {
		return Long.MAX_VALUE - Duration.ofMillis(500).toNanos() + Duration.ofMillis(millis).toNanos();
	}

}
