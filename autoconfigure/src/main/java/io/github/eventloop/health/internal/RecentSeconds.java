package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Seconds that lie within the window. Not thread-safe.
 */
final class RecentSeconds implements Iterable<HealthInput> {

	private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

	private final Deque<HealthInput> seconds = new ArrayDeque<>();

	private final Duration oldest;

	RecentSeconds(Duration window) {
		// The ends of seconds vary, so a second counts if half of it is in the window.
		this.oldest = window.minus(HALF_A_SECOND);
	}

	void add(HealthInput second) {
		this.seconds.addLast(second);
		while (second.at().minus(this.seconds.getFirst().at()).compareTo(this.oldest) > 0) {
			this.seconds.removeFirst();
		}
	}

	void discardBefore(HealthInput second) {
		this.seconds.clear();
		this.seconds.add(second);
	}

	int size() {
		return this.seconds.size();
	}

	@Override
	public Iterator<HealthInput> iterator() {
		return this.seconds.iterator();
	}

	boolean any(Predicate<HealthInput> predicate) {
		return this.seconds.stream().anyMatch(predicate);
	}

	Stream<HealthInput> matching(Predicate<HealthInput> predicate) {
		return this.seconds.stream().filter(predicate);
	}

}
