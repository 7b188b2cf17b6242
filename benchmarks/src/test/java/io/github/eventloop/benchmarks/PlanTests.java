package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Plan}.
 */
class PlanTests {

	@Test
	void steadyShouldSpaceRequestsEvenly() {
		assertThat(dueTimes(Plan.steady(4, Duration.ofSeconds(1)))).containsExactly(0L, 250_000_000L, 500_000_000L,
				750_000_000L);
	}

	@Test
	void thenShouldFollowWithTheNextRate() {
		Plan plan = Plan.steady(1, Duration.ofSeconds(2)).then(0, Duration.ofSeconds(1)).then(2, Duration.ofSeconds(1));
		assertThat(dueTimes(plan)).containsExactly(0L, 1_000_000_000L, 3_000_000_000L, 3_500_000_000L);
		assertThat(plan.duration()).isEqualTo(Duration.ofSeconds(4));
	}

	@Test
	void poissonShouldKeepTheRateAndVaryTheGaps() {
		List<Long> due = dueTimes(
				Plan.steady(100, Duration.ofSeconds(100)).then(10, Duration.ofSeconds(100)).poisson(7));
		assertThat(due).isSorted();
		assertThat(due.stream().filter((time) -> time < 100e9).count()).isBetween(9_600L, 10_400L);
		assertThat(due.stream().filter((time) -> time >= 100e9).count()).isBetween(870L, 1_130L);
		// Of exponential gaps, 1 in e is longer than the mean.
		long longer = 0;
		for (int i = 1; i < 9_000; i++) {
			longer += (due.get(i) - due.get(i - 1) > 10_000_000) ? 1 : 0;
		}
		assertThat(longer / 9_000.0).isBetween(0.34, 0.40);
	}

	@Test
	void poissonShouldGiveTheSameTimesForTheSameSeed() {
		Plan plan = Plan.steady(100, Duration.ofSeconds(1));
		assertThat(dueTimes(plan.poisson(1))).isEqualTo(dueTimes(plan.poisson(1)))
			.isNotEqualTo(dueTimes(plan.poisson(2)));
	}

	@Test
	void badRateShouldNameTheAllowedRange() {
		assertThatIllegalArgumentException().isThrownBy(() -> Plan.steady(-1, Duration.ofSeconds(1)))
			.withMessage("'perSecond' must be from 0 to 1000000 requests, but is -1.0");
	}

	private static List<Long> dueTimes(Plan plan) {
		List<Long> times = new ArrayList<>();
		plan.dueTimes().forEachRemaining((long time) -> times.add(time));
		return times;
	}

}
