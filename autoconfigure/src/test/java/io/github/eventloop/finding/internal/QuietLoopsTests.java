package io.github.eventloop.finding.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.PauseTotals;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link QuietLoops}.
 */
class QuietLoopsTests {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private static final Lag NO_LAG = new Lag(0, 0, 0, 0, 0);

	private final QuietLoops loops = new QuietLoops();

	@Test
	void whenNothingHappensShouldRememberSinceWhen() {
		second(0, LoopState.IDLE, 3, 7);
		second(1, LoopState.IDLE, 2, 7);
		second(2, LoopState.IDLE, 4, 7);
		assertThat(this.loops.list()).singleElement().satisfies((loop) -> {
			assertThat(loop.since()).isEqualTo(START);
			assertThat(loop.requests()).isEqualTo(2);
		});
	}

	@Test
	void whenLoopHandlesAnEventShouldStartAgain() {
		second(0, LoopState.IDLE, 3, 7);
		second(1, LoopState.IDLE, 3, 8);
		assertThat(this.loops.list()).singleElement()
			.satisfies((loop) -> assertThat(loop.since()).isEqualTo(START.plusSeconds(1)));
	}

	@Test
	void whenLoopIsBusyOrHasNoRequestShouldForgetIt() {
		second(0, LoopState.IDLE, 3, 7);
		second(1, LoopState.BUSY, 3, 7);
		assertThat(this.loops.list()).isEmpty();
		second(2, LoopState.IDLE, 3, 7);
		second(3, LoopState.IDLE, 0, 7);
		assertThat(this.loops.list()).isEmpty();
	}

	private void second(int at, LoopState state, int requests, long events) {
		LoopSnapshot loop = new LoopSnapshot(1, "loop-1", "group", Set.of(LoopRole.SERVER), null, true, false, false,
				state, 0, 0, NO_LAG, 0, 0.0, new LoopSnapshot.Totals(0, 0, 0, 0, events, 0, 0),
				new LoopSnapshot.Load(0, 1, requests, null));
		EventLoopSnapshot snapshot = new EventLoopSnapshot(START.plusSeconds(at), at, Duration.ofSeconds(10), NO_LAG, 0,
				new PauseTotals(0, 0), 0, 0, List.of(loop));
		this.loops.onSecond(new EventLoopSecond(NO_LAG, NO_LAG, 0, List.of(), List.of(), snapshot));
	}

}
