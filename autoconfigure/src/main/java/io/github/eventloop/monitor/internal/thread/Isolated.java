package io.github.eventloop.monitor.internal.thread;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Utility that applies an action to several elements, so that a failure for one does not
 * affect the others.
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
	 * it was applied to all; the cause is the first failure, the others are suppressed
	 */
	public static <T> void forEach(Iterable<? extends T> all, Consumer<? super T> action) {
		List<Throwable> failures = new ArrayList<>();
		forEach(all, action, (each, failure) -> failures.add(failure));
		if (!failures.isEmpty()) {
			IllegalStateException ex = new IllegalStateException(
					"The action failed for " + failures.size() + " of the elements and was applied to all others",
					failures.get(0));
			failures.subList(1, failures.size()).forEach(ex::addSuppressed);
			throw ex;
		}
	}

	/**
	 * Apply an action to each element, even if it fails for some.
	 * @param <T> the type of the elements
	 * @param all the elements
	 * @param action the action
	 * @param failures receives the elements for which it failed, with the exception or
	 * error
	 */
	public static <T> void forEach(Iterable<? extends T> all, Consumer<? super T> action,
			BiConsumer<? super T, Throwable> failures) {
		for (T each : all) {
			try {
				action.accept(each);
			}
			catch (Throwable ex) {
				failures.accept(each, ex);
			}
		}
	}

}
