package io.github.eventloop.actuate;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * What was told to one reader, and is told to others who ask the same soon after.
 *
 * @param question what was asked
 * @param at when, by {@link System#nanoTime()}
 * @param live what was told
 */
record LiveAnswer(Question question, long at, LiveDescriptor live) {

	/** Half of the time between two questions of one reader. */
	private static final long GOOD_FOR_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	boolean answers(Question other, long now) {
		return now - this.at < GOOD_FOR_NANOS && this.question.equals(other);
	}

	/**
	 * What a reader knows and may see.
	 *
	 * @param after the end of the newest second that it knows of, or {@code null}
	 * @param position the position of the stalls that it knows of, or {@code null}
	 * @param hint how to see details, or {@code null} if it does
	 */
	record Question(@Nullable Long after, @Nullable Long position, @Nullable String hint) {
	}

}
