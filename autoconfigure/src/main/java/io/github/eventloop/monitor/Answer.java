package io.github.eventloop.monitor;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The answer to a question to code that is not ours: the last one, if the question fails.
 * So one failing question does not keep the caller from the others.
 * <p>
 * Thread-safe: any thread may ask, and two that do at once may see either answer.
 *
 * @param <T> the type of the answer
 */
final class Answer<T> {

	private final Supplier<? extends T> question;

	private final Consumer<Throwable> failures;

	/** Volatile: written and read by all threads that ask. */
	private volatile T last;

	/**
	 * Create a question that was never asked.
	 * @param question gives the answer, or throws
	 * @param first the answer for as long as there was none
	 * @param failures receives what the question throws
	 */
	Answer(Supplier<? extends T> question, T first, Consumer<Throwable> failures) {
		this.question = question;
		this.last = first;
		this.failures = failures;
	}

	T get() {
		try {
			this.last = this.question.get();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.last;
	}

}
