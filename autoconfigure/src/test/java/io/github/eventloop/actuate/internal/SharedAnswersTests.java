package io.github.eventloop.actuate.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SharedAnswers}.
 */
class SharedAnswersTests {

	private final AtomicLong clock = new AtomicLong();

	private final AtomicLong made = new AtomicLong();

	private final SharedAnswers<Long> answers = new SharedAnswers<>(this.clock::get);

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

	@Test
	void whenAnswerIsBeingCreatedShouldWaitForIt() {
		Sinks.One<Long> creation = Sinks.one();
		List<Long> received = new CopyOnWriteArrayList<>();
		for (int i = 0; i < 10; i++) {
			this.answers.get("a", creation.asMono().doOnSubscribe((subscription) -> this.made.incrementAndGet()))
				.subscribe(received::add);
		}
		assertThat(received).isEmpty();
		creation.tryEmitValue(7L);
		assertThat(received).hasSize(10).containsOnly(7L);
		assertThat(this.made).hasValue(1);
	}

	@Test
	void whenReaderLeavesShouldStillCreateTheAnswerForOthers() {
		Sinks.One<Long> creation = Sinks.one();
		List<Long> received = new CopyOnWriteArrayList<>();
		Mono<Long> answer = creation.asMono().doOnCancel(this.made::incrementAndGet);
		this.answers.get("a", answer).subscribe(received::add).dispose();
		this.answers.get("a", answer).subscribe(received::add);
		creation.tryEmitValue(7L);
		assertThat(received).containsExactly(7L);
		assertThat(this.made).as("cancellations").hasValue(0);
	}

	private @Nullable Long answer(Object request) {
		return this.answers.get(request, Mono.fromSupplier(this.made::incrementAndGet)).block();
	}

	private static long millis(long millis) {
		return TimeUnit.MILLISECONDS.toNanos(millis);
	}

}
