package io.github.eventloop.health;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The seconds that lie within the window. Not thread-safe.
 */
final class RecentSeconds {

	private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

	private final Deque<Evidence> seconds = new ArrayDeque<>();

	private final Duration oldest;

	RecentSeconds(Duration window) {
		// Seconds do not end on time to the millisecond: one counts if half of it is in.
		this.oldest = window.minus(HALF_A_SECOND);
	}

	void add(Evidence second) {
		this.seconds.addLast(second);
		while (second.at().minus(this.seconds.getFirst().at()).compareTo(this.oldest) > 0) {
			this.seconds.removeFirst();
		}
	}

	void forgetBefore(Evidence second) {
		this.seconds.clear();
		this.seconds.add(second);
	}

	int size() {
		return this.seconds.size();
	}

	boolean any(Predicate<Evidence> predicate) {
		return this.seconds.stream().anyMatch(predicate);
	}

	Stream<Evidence> matching(Predicate<Evidence> predicate) {
		return this.seconds.stream().filter(predicate);
	}

}
