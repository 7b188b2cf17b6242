package io.github.eventloop.monitor.internal.loop;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.PauseTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SecondColumns}, with a wall clock that is adjusted.
 */
class SecondColumnsTests {

	private final SecondColumns columns = new SecondColumns(5);

	@Test
	void whenClockIsSetBackShouldReturnAll() {
		put(10_000, 11_000, 12_000, 5_000, 6_000);
		assertThat(after(12_000)).containsExactly(10_000, 11_000, 12_000, 5_000, 6_000);
		assertThat(after(5_000)).containsExactly(6_000);
		assertThat(after(6_000)).isEmpty();
		put(7_000);
		assertThat(after(6_000)).containsExactly(7_000);
	}

	@Test
	void whenClockIsSetForwardShouldReturnNewSeconds() {
		put(10_000, 11_000, 500_000, 501_000);
		assertThat(after(11_000)).containsExactly(500_000, 501_000);
		assertThat(after(500_000)).containsExactly(501_000);
	}

	@Test
	void whenClockDoesNotAdvanceShouldNotRepeatKnownSeconds() {
		put(10_000, 10_000, 10_000);
		assertThat(after(10_000)).isEmpty();
		assertThat(after(9_999)).containsExactly(10_000, 10_000, 10_000);
	}

	private void put(long... epochMillis) {
		for (long end : epochMillis) {
			this.columns.put(end, Lag.NONE, 0, 0, 0, PauseTotals.of(new long[0]), 0);
		}
	}

	private long[] after(long epochMillis) {
		return this.columns.toHistory(List.of(), epochMillis, true).epochMillis();
	}

}
