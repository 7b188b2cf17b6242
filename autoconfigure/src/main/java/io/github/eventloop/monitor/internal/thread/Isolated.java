package io.github.eventloop.monitor.internal.thread;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Utility that applies an action to several elements, so that a failure for one does not
 * affect the others.
 *
 * @since 0.1.0
 */
public final class Isolated {

	private Isolated() {
	}

	/**
	 * Apply an action to each element, even if it fails for some.
	 * @param <T> the type of the elements
	 * @param all the elements
	 * @param action the action
	 * @throws IllegalStateException if the action failed for one or more elements, after
	 * it was applied to all; the cause is the first failure
	 */
	public static <T> void forEach(Iterable<? extends T> all, Consumer<? super T> action) {
		List<Throwable> failures = new ArrayList<>();
		forEach(all, action, failures::add);
		if (!failures.isEmpty()) {
			throw new IllegalStateException("Failed for " + failures.size()
					+ " elements and continued with the others: see the cause for the first", failures.get(0));
		}
	}

	/**
	 * Apply an action to each element, even if it fails for some.
	 * @param <T> the type of the elements
	 * @param all the elements
	 * @param action the action
	 * @param failures receives the exceptions and errors of the action
	 */
	public static <T> void forEach(Iterable<? extends T> all, Consumer<? super T> action,
			Consumer<Throwable> failures) {
		for (T each : all) {
			try {
				action.accept(each);
			}
			catch (Throwable ex) {
				failures.accept(ex);
			}
		}
	}

}
