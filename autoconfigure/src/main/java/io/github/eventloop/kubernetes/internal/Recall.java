package io.github.eventloop.kubernetes.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

/**
 * Recall of all pods that were out of service, because more pods were in trouble than may
 * leave. Immutable.
 *
 * @param number the number of recalls in a row
 * @param at the time, by the clock of the pod that recorded it
 */
record Recall(int number, Instant at) {

	private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);

	private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

	/** Time after which a recall is forgotten: longer than the longest pause. */
	private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(30);

	/** Largest number that makes a difference to the pause. */
	private static final int MAX_NUMBER = 5;

	/** Parse a recall, as {@link #format()} writes it, or return {@code null}. */
	static @Nullable Recall parse(@Nullable String text) {
		String[] parts = (text != null) ? text.trim().split("=", 2) : new String[0];
		try {
			return (parts.length == 2)
					? new Recall(Math.max(1, Math.min(MAX_NUMBER, Integer.parseInt(parts[0]))), Instant.parse(parts[1]))
					: null;
		}
		catch (NumberFormatException | DateTimeParseException ex) {
			// The record may have been edited by hand.
			return null;
		}
	}

	/** Return the recall that follows another one, or the first if there was none. */
	static Recall after(@Nullable Recall last, Instant now) {
		Instant at = now.truncatedTo(ChronoUnit.MILLIS);
		if (last == null || last.age(now).compareTo(FORGOTTEN_AFTER) >= 0) {
			return new Recall(1, at);
		}
		return new Recall(Math.min(MAX_NUMBER, last.number + 1), at);
	}

	String format() {
		return this.number + "=" + this.at;
	}

	/**
	 * Return the time for which no pod may leave again: the pods that had left would
	 * overload the others again. It doubles with each recall in a row.
	 */
	Duration pause() {
		Duration pause = FIRST_PAUSE.multipliedBy(1L << (this.number - 1));
		return (pause.compareTo(LONGEST_PAUSE) < 0) ? pause : LONGEST_PAUSE;
	}

	/** Return the distance to the current time of a clock that may differ. */
	Duration age(Instant now) {
		return Duration.between(this.at, now).abs();
	}

}
