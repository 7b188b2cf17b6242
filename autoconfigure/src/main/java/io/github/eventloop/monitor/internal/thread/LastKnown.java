package io.github.eventloop.monitor.internal.thread;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Last known result of a call into user code: the current result, or the previous one if
 * the call throws. One failing call does not keep the caller from making the others.
 * <p>
 * Thread-safe: concurrent callers may see the result of either call.
 *
 * @param <T> the type of the result
 */
public final class LastKnown<T> {

	private final Supplier<? extends T> call;

	private final Consumer<Throwable> failures;

	/** Volatile: written and read by all calling threads. */
	private volatile T last;

	/**
	 * Create a last known result.
	 * @param call the call, which may throw
	 * @param initial the result until the first successful call
	 * @param failures receives the exceptions and errors of the call
	 */
	public LastKnown(Supplier<? extends T> call, T initial, Consumer<Throwable> failures) {
		this.call = call;
		this.last = initial;
		this.failures = failures;
	}

	/**
	 * Make the call, and return its result or the last known one.
	 * @return the result
	 */
	public T get() {
		try {
			this.last = this.call.get();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.last;
	}

}
