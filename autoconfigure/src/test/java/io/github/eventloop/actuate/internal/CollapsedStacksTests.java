package io.github.eventloop.actuate.internal;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.internal.detect.StallWithStacks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CollapsedStacks}.
 */
class CollapsedStacksTests {

	private static final StackTraceElement SLEEP = new StackTraceElement("java.lang.Thread", "sleep", "Thread.java",
			-2);

	private static final StackTraceElement LOAD = new StackTraceElement("com.acme.Prices", "load", "Prices.java", 42);

	private static final StackTraceElement RUN = new StackTraceElement("java.lang.Thread", "run", "Thread.java", 840);

	@Test
	void whenThereAreNoStallsShouldBeEmpty() {
		assertThat(CollapsedStacks.of(List.of())).isEmpty();
		assertThat(CollapsedStacks.of(List.of(StallWithStacks.of(1)))).isEmpty();
	}

	@Test
	void shouldBeginWithTheOutermostFrame() {
		assertThat(CollapsedStacks
			.of(List.of(StallWithStacks.of(1, StallWithStacks.stack(420_400_000, SLEEP, LOAD, RUN)))))
			.isEqualTo("java.lang.Thread.run(Thread.java:840);com.acme.Prices.load(Prices.java:42);"
					+ "java.lang.Thread.sleep(Native_Method) 420\n");
	}

	@Test
	void shouldAddUpIdenticalStacksOfSeveralStalls() {
		assertThat(lines(
				StallWithStacks.of(1, StallWithStacks.stack(100_000_000, LOAD, RUN),
						StallWithStacks.stack(30_000_000, RUN)),
				StallWithStacks.of(2, StallWithStacks.stack(50_000_000, LOAD, RUN))))
			.containsExactly("java.lang.Thread.run(Thread.java:840);com.acme.Prices.load(Prices.java:42) 150",
					"java.lang.Thread.run(Thread.java:840) 30");
	}

	@Test
	void whenShorterThanAMillisecondShouldAddUpBeforeRounding() {
		assertThat(lines(StallWithStacks.of(1, StallWithStacks.stack(400_000, RUN)),
				StallWithStacks.of(2, StallWithStacks.stack(400_000, RUN)),
				StallWithStacks.of(3, StallWithStacks.stack(900_000, RUN)),
				StallWithStacks.of(4, StallWithStacks.stack(1, LOAD))))
			.containsExactly("java.lang.Thread.run(Thread.java:840) 2", "com.acme.Prices.load(Prices.java:42) 1");
	}

	@Test
	void whenNamesContainSeparatorsShouldRemainOneLineOfFrames() {
		StackTraceElement hostile = new StackTraceElement("a;b c", "d\ne 7\r\n\u2028x 9", "f;\t\0.java 5", 3);
		assertThat(lines(StallWithStacks.of(1, StallWithStacks.stack(2_000_000, hostile, RUN)))).singleElement()
			.asString()
			.matches("[^;\\s]+;[^;\\s]+ 2")
			.doesNotContainPattern("\\p{Cntrl}");
	}

	@Test
	void whenStackHasNoFramesShouldLeaveItOut() {
		assertThat(
				lines(StallWithStacks.of(1, StallWithStacks.stack(2_000_000), StallWithStacks.stack(2_000_000, RUN))))
			.hasSize(1);
	}

	@Test
	void whenThereAreThousandsOfStacksShouldHaveALineForEach() {
		List<Stall> stalls = new ArrayList<>();
		for (int i = 0; i < 5000; i++) {
			StackTraceElement line = new StackTraceElement("com.acme.Prices", "load", "Prices.java", 1 + i);
			stalls.add(StallWithStacks.of(i, StallWithStacks.stack((1 + i) * 1_000_000L, line, RUN)));
		}
		List<String> lines = lines(stalls.toArray(Stall[]::new));
		assertThat(lines).hasSize(5000).doesNotHaveDuplicates();
		assertThat(lines.get(0)).endsWith("Prices.java:5000) 5000");
		assertThat(lines.stream().mapToInt((line) -> Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1))).sum())
			.isEqualTo(5000 * 5001 / 2);
	}

	private static List<String> lines(Stall... stalls) {
		return CollapsedStacks.of(List.of(stalls)).lines().toList();
	}

}
