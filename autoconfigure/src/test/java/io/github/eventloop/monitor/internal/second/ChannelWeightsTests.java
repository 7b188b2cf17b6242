package io.github.eventloop.monitor.internal.second;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ChannelWeights}.
 */
class ChannelWeightsTests {

	private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

	static Stream<Arguments> weights() {
		return Stream.of(Arguments.of(new int[] { 5 }, new double[] { 1 }),
				Arguments.of(new int[] { 0 }, new double[] { 1 }),
				Arguments.of(new int[] { 0, 0, 0, 0 }, new double[] { 0.25, 0.25, 0.25, 0.25 }),
				Arguments.of(new int[] { 30, 10 }, new double[] { 0.75, 0.25 }),
				Arguments.of(new int[] { 90, 0 }, new double[] { 0.75, 0.25 }),
				Arguments.of(new int[] { 150, 150, 150, 150, 1 }, new double[] { 0.225, 0.225, 0.225, 0.225, 0.1 }),
				Arguments.of(new int[] { 1000, 0, 1, 0 }, new double[] { 0.625, 0.125, 0.125, 0.125 }),
				// Below the floor only because the first is raised to it.
				Arguments.of(new int[] { 0, 14, 86 }, new double[] { 1 / 6.0, 1 / 6.0, 4 / 6.0 }));
	}

	@ParameterizedTest
	@MethodSource("weights")
	void shouldWeighByChannelsButNoLessThanHalfOfAnEqualShare(int[] channels, double[] weights) {
		assertThat(ChannelWeights.of(channels)).containsExactly(weights, ROUNDING);
	}

	@Test
	void weightsShouldAddUpToOneAndKeepTheOrder() {
		Random random = new Random(16);
		for (int i = 0; i < 1_000; i++) {
			int[] channels = random.ints(1 + random.nextInt(20), 0, 1 + random.nextInt(10_000)).sorted().toArray();
			double[] weights = ChannelWeights.of(channels);
			assertThat(Arrays.stream(weights).sum()).isCloseTo(1, ROUNDING);
			assertThat(weights).isSorted();
			assertThat(weights[0]).isGreaterThanOrEqualTo(0.5 / channels.length);
		}
	}

}
