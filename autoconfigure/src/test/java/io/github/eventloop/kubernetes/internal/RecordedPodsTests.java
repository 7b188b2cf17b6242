package io.github.eventloop.kubernetes.internal;

import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RecordedPods}.
 */
class RecordedPodsTests {

	private static final Instant NOW = Instant.parse("2026-11-30T12:00:00.123456Z");

	@Test
	void shouldKeepTheOrderInWhichTheyLeft() {
		RecordedPods out = RecordedPods.NONE.with("b", NOW).with("a", NOW.minusSeconds(3600));
		assertThat(out.format()).isEqualTo("b=2026-11-30T12:00:00.123Z,a=2026-11-30T11:00:00.123Z");
		assertThat(RecordedPods.parse(out.format())).isEqualTo(out);
		assertThat(out.names()).containsExactly("b", "a");
	}

	@Test
	void whenPodLeavesAgainShouldBeTheLast() {
		RecordedPods out = RecordedPods.NONE.with("a", NOW).with("b", NOW).with("a", NOW.plusSeconds(1));
		assertThat(out.names()).containsExactly("b", "a");
		assertThat(out.without("b").without("a")).isEqualTo(RecordedPods.NONE);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", " ", ",", " , ," })
	void whenThereIsNoRecordShouldBeEmpty(String text) {
		assertThat(RecordedPods.parse(text)).isEqualTo(RecordedPods.NONE);
	}

	@Test
	void whenEditedByHandShouldKeepThePods() {
		assertThat(RecordedPods.parse(" a , b=yesterday,c=1=2,a=again").names()).containsExactly("a", "b", "c");
	}

}
