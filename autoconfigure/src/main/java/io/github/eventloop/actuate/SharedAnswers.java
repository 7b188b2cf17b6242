package io.github.eventloop.actuate;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Encoded answers. Identical requests within 500 ms share one response, so that many open
 * pages cost little more than one.
 * <p>
 * Not thread-safe: confined to the {@link EndpointThread}, whose queue makes what one
 * thread wrote visible to the one that takes its place.
 */
final class SharedAnswers {

	/** Half of the time between two requests of one page. */
	private static final long VALID_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	private static final int MAX_ANSWERS = 16;

	private final LongSupplier nanoTime;

	/** In the order in which they were made. */
	private final Map<Object, Answer> answers = new LinkedHashMap<>();

	SharedAnswers(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Return the answer to a request.
	 * @param request what identical requests have in common
	 * @param answer makes the answer where there is none to share
	 * @return the answer
	 */
	Object get(Object request, Supplier<Object> answer) {
		long now = this.nanoTime.getAsLong();
		this.answers.values().removeIf((each) -> now - each.madeAt() >= VALID_NANOS);
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
	 * An answer.
	 *
	 * @param body the body of the response
	 * @param madeAt when it was made, by {@link System#nanoTime()}
	 */
	private record Answer(Object body, long madeAt) {
	}

}
