package io.github.eventloop.shedding.internal;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OverloadDetector}.
 */
class OverloadDetectorTests {

	private static final long MILLI = Duration.ofMillis(1).toNanos();

	/** {@link System#nanoTime()} may overflow. */
	private static final long START = Long.MAX_VALUE - 100 * MILLI;

	private long pauseFrom;

	private long pauseMillis;

	private final OverloadDetector detector = new OverloadDetector(200 * MILLI, this::pausedNanos);

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			# service | lag  | overloaded
			        1 |  200 | false
			        1 |  201 | true
			       40 |  400 | false
			       40 |  401 | true
			      300 | 3000 | false
			      300 | 3001 | true
			      450 | 4000 | false
			      450 | 4001 | true
			""")
	void whenMoreThanTenRequestsWaitShouldBeOverloaded(long service, long lag, boolean overloaded) {
		assertThat(isOverloaded(0, lag, service)).isFalse();
		assertThat(isOverloaded(499, lag, service)).isFalse();
		assertThat(isOverloaded(500, lag, service)).isEqualTo(overloaded);
	}

	@Test
	void whenLagIsShortInBetweenShouldStartAnew() {
		assertThat(isOverloaded(0, 300, 1)).isFalse();
		assertThat(isOverloaded(400, 200, 1)).isFalse();
		assertThat(isOverloaded(401, 300, 1)).isFalse();
		assertThat(isOverloaded(900, 300, 1)).isFalse();
		assertThat(isOverloaded(901, 300, 1)).isTrue();
	}

	@Test
	void whenProcessWasPausedShouldNotBeOverloaded() {
		pause(-5000, 1000);
		assertThat(isOverloaded(0, 1700, 1)).isFalse();
		assertThat(isOverloaded(500, 1700, 1)).isFalse();
		assertThat(isOverloaded(999, 1701, 1)).isFalse();
		// The lag is longer than the pause explains.
		assertThat(isOverloaded(1000, 1701, 1)).isFalse();
		assertThat(isOverloaded(1500, 1701, 1)).isTrue();
	}

	@Test
	void whenPausesTakeAThirdOfTheTimeShouldBeOverloaded() {
		pause(-5000, 4000);
		assertThat(isOverloaded(0, 1700, 1)).isFalse();
		assertThat(isOverloaded(500, 1700, 1)).isTrue();
	}

	@Test
	void whenPauseWasLongAgoShouldBeOverloaded() {
		pause(-12_000, 1000);
		assertThat(isOverloaded(0, 300, 1)).isFalse();
		assertThat(isOverloaded(500, 300, 1)).isTrue();
	}

	private boolean isOverloaded(long atMillis, long lagMillis, double serviceMillis) {
		return this.detector.isOverloaded(lagMillis * MILLI, serviceMillis * MILLI, START + atMillis * MILLI);
	}

	private void pause(long fromMillis, long millis) {
		this.pauseFrom = START + fromMillis * MILLI;
		this.pauseMillis = millis;
	}

	/** Only whole pauses: enough for these tests. */
	private long pausedNanos(long from, long to) {
		return (this.pauseFrom - from >= 0 && to - this.pauseFrom >= 0) ? this.pauseMillis * MILLI : 0;
	}

}
