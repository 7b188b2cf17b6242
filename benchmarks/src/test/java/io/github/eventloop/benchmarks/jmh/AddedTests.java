package io.github.eventloop.benchmarks.jmh;

import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import io.github.eventloop.benchmarks.jmh.Iterations.Loops;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Added}.
 */
class AddedTests {

	@Test
	void shouldCompareWithinRounds() {
		Map<String, Added> added = Added.of(List.of(List.of(cost(Loops.STOCK, 100), cost(Loops.MONITORED, 150)),
				List.of(cost(Loops.MONITORED, 260), cost(Loops.STOCK, 200))));
		assertThat(added).containsOnlyKeys("Iterations.iteration[NIO]").allSatisfy((subject, iteration) -> {
			assertThat(iteration.stock()).isEqualTo(150);
			assertThat(iteration.nanos().mean()).isEqualTo(55);
			assertThat(iteration.nanos().halfWidth()).isCloseTo(63.5, Offset.offset(0.1));
			assertThat(iteration.onTop()).isEqualTo("+55.0 \u00b1 63.5 ns");
		});
	}

	@Test
	void whenRoundsDifferShouldBeCertainOfNothing() {
		Added added = ofRounds(0, 200);
		assertThat(added.isLongerThan(60)).isFalse();
		assertThat(added.isAtMost(60)).isFalse();
	}

	@Test
	void whenThereIsASingleRoundShouldBeCertainOfNothing() {
		Added added = ofRounds(500);
		assertThat(added.isLongerThan(60)).isFalse();
		assertThat(added.isAtMost(60)).isFalse();
	}

	@Test
	void whenRoundsAgreeShouldBeCertain() {
		assertThat(ofRounds(70, 71, 70).isLongerThan(60)).isTrue();
		assertThat(ofRounds(50, 51, 50).isAtMost(60)).isTrue();
	}

	@Test
	void whenJoinedShouldHaveTheScoresOfBoth() {
		Cost cost = cost(Loops.STOCK, 10, 20).plus(cost(Loops.STOCK, 30));
		assertThat(cost.median()).isEqualTo(20);
		assertThat(cost.percentile(25)).isEqualTo(15);
	}

	private static Added ofRounds(double... nanos) {
		Map<String, Added> added = Added.of(DoubleStream.of(nanos)
			.mapToObj((more) -> List.of(cost(Loops.STOCK, 1000), cost(Loops.MONITORED, 1000 + more)))
			.toList());
		return added.values().iterator().next();
	}

	private static Cost cost(Loops loops, double... scores) {
		return new Cost("Iterations.iteration", Map.of("loops", loops.name(), "io", "NIO"), "ns/op",
				DoubleStream.of(scores).boxed().toList(), 0);
	}

}
