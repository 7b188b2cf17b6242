package io.github.eventloop.finding.internal;

import java.time.Duration;
import java.util.List;

import io.github.eventloop.health.internal.Figures;

/**
 * Wording of figures in titles and evidence.
 */
final class Wording {

	private Wording() {
	}

	/** Format as {@code 702 ms} or {@code 3.2 s}. */
	static String duration(Duration duration) {
		return (duration.compareTo(Duration.ofSeconds(1)) < 0) ? Figures.millis(duration) : Figures.seconds(duration);
	}

	/** Format as {@code 42 %}. */
	static String percent(double share) {
		return Math.round(share * 100) + " %";
	}

	/** Format as {@code once}, {@code twice} or {@code 5 times}. */
	static String times(int count) {
		return switch (count) {
			case 1 -> "once";
			case 2 -> "twice";
			default -> count + " times";
		};
	}

	/** Format as {@code event loop reactor-http-epoll-3} or {@code 3 event loops}. */
	static String loops(List<String> names) {
		return (names.size() == 1) ? "event loop " + names.get(0) : names.size() + " event loops";
	}

	static String count(long number, String singular, String plural) {
		return number + " " + ((number == 1) ? singular : plural);
	}

}
