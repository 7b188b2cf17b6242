package io.github.eventloop.actuate.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SharedAnswers}.
 */
class SharedAnswersTests {

	private final AtomicLong clock = new AtomicLong();

	private final AtomicLong made = new AtomicLong();

	private final SharedAnswers answers = new SharedAnswers(this.clock::get);

	@ParameterizedTest
	@ValueSource(longs = { 0, 1_000_000_000_000L, Long.MAX_VALUE, Long.MIN_VALUE })
	void identicalRequestsShouldShareAResponseForHalfASecond(long start) {
		this.clock.set(start);
		assertThat(answer("a")).isEqualTo(1L);
		this.clock.set(start + millis(499));
		assertThat(answer("a")).isEqualTo(1L);
		this.clock.set(start + millis(500));
		assertThat(answer("a")).isEqualTo(2L);
	}

	@Test
	void otherRequestsShouldNotShareIt() {
		assertThat(answer("a")).isEqualTo(1L);
		assertThat(answer("b")).isEqualTo(2L);
		assertThat(answer("a")).isEqualTo(1L);
	}

	@Test
	void whenManyRequestsDifferShouldRemoveTheOldest() {
		for (int i = 0; i < 1000; i++) {
			answer(i);
		}
		assertThat(answer(999)).isEqualTo(1000L);
		assertThat(answer(0)).isEqualTo(1001L);
	}

	private Object answer(Object request) {
		return this.answers.get(request, this.made::incrementAndGet);
	}

	private static long millis(long millis) {
		return TimeUnit.MILLISECONDS.toNanos(millis);
	}

}
