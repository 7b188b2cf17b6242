package io.github.eventloop.stall.internal.record;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.TestStall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StallHistory}.
 */
class StallHistoryTests {

	private final StallHistory history = new StallHistory();

	@Test
	void addedSinceShouldReturnStallsAddedAfterPosition() {
		long before = this.history.position();
		this.history.add(stall(1));
		long between = this.history.position();
		this.history.add(stall(2));
		assertThat(this.history.isUnbrokenSince(before)).isTrue();
		assertThat(this.history.addedSince(before)).extracting(Stall::id).containsExactly(1L, 2L);
		assertThat(this.history.addedSince(between)).extracting(Stall::id).containsExactly(2L);
		assertThat(this.history.addedSince(this.history.position())).isEmpty();
	}

	@Test
	void whenMoreWereAddedThanAreKeptShouldReturnThoseKept() {
		long before = this.history.position();
		for (int i = 1; i <= 250; i++) {
			this.history.add(stall(i));
		}
		assertThat(this.history.isUnbrokenSince(before)).isTrue();
		assertThat(this.history.addedSince(before)).hasSize(100).last().extracting(Stall::id).isEqualTo(250L);
	}

	@Test
	void whenClearedShouldNotBeUnbrokenSinceEarlierPosition() {
		this.history.add(stall(1));
		long before = this.history.position();
		this.history.clear();
		assertThat(this.history.isUnbrokenSince(before)).isFalse();
		assertThat(this.history.isUnbrokenSince(this.history.position())).isTrue();
		this.history.add(stall(2));
		assertThat(this.history.isUnbrokenSince(before)).isFalse();
	}

	@Test
	void unknownPositionShouldNotBeUnbroken() {
		assertThat(this.history.isUnbrokenSince(-1)).isFalse();
		assertThat(this.history.isUnbrokenSince(0)).isFalse();
		assertThat(this.history.isUnbrokenSince(this.history.position() + 1)).isFalse();
	}

	private static Stall stall(long id) {
		return TestStall.of(id, "read", Duration.ofSeconds(id), Duration.ofMillis(200));
	}

}
