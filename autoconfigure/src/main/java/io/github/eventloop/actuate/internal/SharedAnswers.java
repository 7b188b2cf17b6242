package io.github.eventloop.actuate.internal;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import reactor.core.publisher.Mono;

/**
 * Cache of answers. Identical requests within 500 ms share one answer, which is created
 * and encoded once, so that many open pages cost little more than one. A request that
 * arrives while the answer is being created waits for it.
 * <p>
 * Thread-safe: event loops look up answers, and hold the lock of the map only for that.
 *
 * @param <T> the type of the answers
 */
final class SharedAnswers<T> {

	/** Half of the time between two requests of one page. */
	private static final long VALID_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	private static final int MAX_ANSWERS = 16;

	private final LongSupplier nanoTime;

	/** The answers, oldest first. Also the lock that guards them. */
	private final Map<Object, Answer<T>> answers = new LinkedHashMap<>();

	SharedAnswers(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Return the answer to a request.
	 * @param request everything that the answer depends on, including what its reader is
	 * allowed to see: equal requests share an answer
	 * @param answer creates the answer where there is none to share
	 * @return the answer
	 */
	Mono<T> get(Object request, Mono<T> answer) {
		long now = this.nanoTime.getAsLong();
		synchronized (this.answers) {
			this.answers.values().removeIf((each) -> now - each.requestedAt() >= VALID_NANOS);
			Answer<T> shared = this.answers.get(request);
			if (shared == null) {
				if (this.answers.size() == MAX_ANSWERS) {
					removeOldest();
				}
				shared = new Answer<>(answer.cache(), now);
				this.answers.put(request, shared);
			}
			return shared.answer();
		}
	}

	private void removeOldest() {
		Iterator<Answer<T>> oldestFirst = this.answers.values().iterator();
		oldestFirst.next();
		oldestFirst.remove();
	}

	/**
	 * A shared answer.
	 *
	 * @param <T> the type of the answer
	 * @param answer the answer, which may not have been created yet
	 * @param requestedAt when it was requested first, by {@link System#nanoTime()}
	 */
	private record Answer<T>(Mono<T> answer, long requestedAt) {
	}

}
