package io.github.eventloop.monitor.internal.thread;

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
		Throwable first = null;
		int failures = 0;
		for (T each : all) {
			try {
				action.accept(each);
			}
			catch (Throwable ex) {
				failures++;
				first = (first != null) ? first : ex;
			}
		}
		if (first != null) {
			throw new IllegalStateException(
					"Failed for " + failures + " elements and continued with the others: see the cause for the first",
					first);
		}
	}

}
