package io.github.eventloop.actuate;

import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.github.eventloop.actuate.LiveAnswer.Question;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LiveAnswer}.
 */
class LiveAnswerTests {

	private static final Question QUESTION = new Question(1000L, 7L, null);

	@Test
	void sameQuestionShouldBeAnsweredForHalfASecond() {
		LiveAnswer answer = answerAt(0);
		assertThat(answer.answers(new Question(1000L, 7L, null), millis(499))).isTrue();
		assertThat(answer.answers(new Question(1000L, 7L, null), millis(500))).isFalse();
	}

	@Test
	void whenClockOverflowsShouldStillKnowHowOldItIs() {
		LiveAnswer answer = answerAt(Long.MAX_VALUE);
		assertThat(answer.answers(QUESTION, Long.MIN_VALUE + millis(499))).isTrue();
		assertThat(answer.answers(QUESTION, Long.MIN_VALUE + millis(501))).isFalse();
	}

	@Test
	void otherQuestionsShouldNotBeAnswered() {
		LiveAnswer answer = answerAt(0);
		assertThat(List.of(new Question(1001L, 7L, null), new Question(1000L, 8L, null),
				new Question(1000L, 7L, "how to see details"), new Question(1000L, null, null)))
			.noneMatch((question) -> answer.answers(question, 0));
	}

	private static LiveAnswer answerAt(long nanos) {
		LiveDescriptor live = new LiveDescriptor("a", null, null, 0, false, List.of(), null, null);
		return new LiveAnswer(QUESTION, nanos, live);
	}

	private static long millis(long millis) {
		return TimeUnit.MILLISECONDS.toNanos(millis);
	}

}
