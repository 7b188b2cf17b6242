package io.github.eventloop.benchmarks;

import java.util.List;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Estimate}.
 */
class EstimateTests {

	@Test
	void intervalShouldFollowStudentsDistribution() {
		// t(0.975; 4) = 2.776, standard deviation 1.5811
		Estimate estimate = Estimate.of(List.of(1.0, 2.0, 3.0, 4.0, 5.0));
		assertThat(estimate.mean()).isEqualTo(3);
		assertThat(estimate.halfWidth()).isCloseTo(2.776 * 1.5811 / Math.sqrt(5), Offset.offset(0.001));
	}

	@Test
	void singleValueShouldHaveNoInterval() {
		assertThat(Estimate.of(List.of(2.0)).halfWidth()).isNaN();
	}

}
