package io.github.eventloop.actuate.internal;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.monitor.EventLoopHistory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Extent}.
 */
class ExtentTests {

	private static final String HINT = "how to see details";

	@ParameterizedTest
	@ValueSource(ints = { 1, 4, 16, 64 })
	void whenReaderIsShownNoDetailsHistoryShouldBeSmall(int loops) {
		EventLoopHistory history = history(900, loops);
		HistoryDescriptor bounded = HistoryDescriptor.of(history, Extent.of(HINT));
		int seconds = bounded.epochMillis().size();
		assertThat(seconds).isBetween(10, 400);
		assertThat(bounded.epochMillis()).endsWith(899L);
		assertThat(bounded.lagP99Millis()).hasSize(seconds).endsWith(0.899);
		assertThat(bounded.loops()).hasSize(loops)
			.allSatisfy((loop) -> assertThat(loop.utilization()).hasSize(seconds).endsWith(0.2345));
		assertThat(JsonMapper.shared().writeValueAsBytes(bounded)).hasSizeLessThan(40_000);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 4, 16 })
	void whenReaderIsShownDetailsHistoryShouldBeComplete(int loops) {
		HistoryDescriptor all = HistoryDescriptor.of(history(900, loops), Extent.of(null));
		assertThat(all.epochMillis()).hasSize(900);
		assertThat(all.loops()).allSatisfy((loop) -> assertThat(loop.lagMaxMillis()).hasSize(900));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 5 })
	void whenHistoryIsShortShouldShowAllOfIt(int seconds) {
		assertThat(HistoryDescriptor.of(history(seconds, 4), Extent.of(HINT)).epochMillis()).hasSize(seconds);
	}

	@Test
	void whenReaderIsShownNoDetailsShouldShowTheFirstItemsAndSelectedOnes() {
		List<Integer> items = IntStream.range(0, 100).boxed().toList();
		assertThat(Extent.of(HINT).first(items)).hasSize(20).endsWith(19);
		assertThat(Extent.of(HINT).first(items, (item) -> item == 3 || item == 77)).hasSize(21).endsWith(77);
		assertThat(Extent.of(null).first(items)).containsExactlyElementsOf(items);
	}

	@Test
	void whenNewestValueIsNotKnownShouldLeaveTheColumnOut() {
		assertThat(cpuUtilization(0, Float.NaN)).isNull();
		assertThat(cpuUtilization(0.5f, Float.NaN, 0.25f)).containsExactly(0.5, 0.0, 0.25);
	}

	private static List<Double> cpuUtilization(float... values) {
		float[] zeros = new float[values.length];
		EventLoopHistory.Loop loop = new EventLoopHistory.Loop("reactor-http-epoll-1", zeros, zeros, zeros, values,
				false);
		EventLoopHistory history = new EventLoopHistory(new long[values.length], zeros, zeros, zeros, zeros, zeros,
				zeros, zeros, zeros, List.of(loop));
		return HistoryDescriptor.of(history, Extent.of(null)).loops().get(0).cpuUtilization();
	}

	private static EventLoopHistory history(int seconds, int loops) {
		long[] ends = IntStream.range(0, seconds).asLongStream().toArray();
		float[] lag = column(seconds, 1000);
		float[] share = new float[seconds];
		Arrays.fill(share, 0.2345f);
		EventLoopHistory.Loop loop = new EventLoopHistory.Loop("reactor-http-epoll-1", lag, lag, share, share, false);
		return new EventLoopHistory(ends, lag, lag, lag, share, share, share, lag, share,
				Collections.nCopies(loops, loop));
	}

	private static float[] column(int seconds, float nanos) {
		float[] column = new float[seconds];
		for (int i = 0; i < seconds; i++) {
			column[i] = i * nanos;
		}
		return column;
	}

}
