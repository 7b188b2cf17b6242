package io.github.eventloop.monitor;

import java.util.function.Consumer;

/**
 * Keeps what fails for one of several from the others.
 *
 * @since 0.1.0
 */
public final class Isolated {

	private Isolated() {
	}

	/**
	 * Do the same with each of several, whether or not it fails for some.
	 * @param <T> the type of each
	 * @param all all of them
	 * @param action what to do with each
	 * @throws IllegalStateException if it failed for one or more, once it was done with
	 * all: the cause is the first failure
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
			throw new IllegalStateException("Failed for " + failures + " of several, and went on with the others",
					first);
		}
	}

}
