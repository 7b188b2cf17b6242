package io.github.eventloop.actuate.internal;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Cache of encoded answers. Identical requests within 500 ms share one response, so that
 * many open pages cost little more than one.
 * <p>
 * Not thread-safe: confined to the {@link EndpointThread}, whose queue makes the writes
 * of one thread visible to its successor.
 */
final class SharedAnswers {

	/** Half of the time between two requests of one page. */
	private static final long VALID_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	private static final int MAX_ANSWERS = 16;

	private final LongSupplier nanoTime;

	/** The answers, oldest first. */
	private final Map<Object, Answer> answers = new LinkedHashMap<>();

	SharedAnswers(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Return the answer to a request.
	 * @param request the key that identical requests have in common
	 * @param answer creates the answer where there is none to share
	 * @return the answer
	 */
	Object get(Object request, Supplier<Object> answer) {
		long now = this.nanoTime.getAsLong();
		this.answers.values().removeIf((each) -> now - each.createdAt() >= VALID_NANOS);
		Answer shared = this.answers.get(request);
		if (shared != null) {
			return shared.body();
		}
		Object body = answer.get();
		if (this.answers.size() == MAX_ANSWERS) {
			removeOldest();
		}
		this.answers.put(request, new Answer(body, now));
		return body;
	}

	private void removeOldest() {
		Iterator<Answer> oldestFirst = this.answers.values().iterator();
		oldestFirst.next();
		oldestFirst.remove();
	}

	/**
	 * A cached answer.
	 *
	 * @param body the body of the response
	 * @param createdAt when it was created, by {@link System#nanoTime()}
	 */
	private record Answer(Object body, long createdAt) {
	}

}
