package io.github.eventloop.actuate.internal;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Limit on the amount of data in a response. Readers that are not shown details may be
 * anonymous, and must not be able to request a large response with a small request.
 */
enum Extent {

	/**
	 * Everything.
	 */
	ALL(Integer.MAX_VALUE, Integer.MAX_VALUE),

	/**
	 * The newest or largest of each.
	 */
	BOUNDED(4096, 20);

	private final int historyValues;

	private final int items;

	Extent(int historyValues, int items) {
		this.historyValues = historyValues;
		this.items = items;
	}

	/**
	 * Return the extent for a reader.
	 * @param hint how to see details, or {@code null} if the reader is shown them
	 * @return the extent
	 */
	static Extent of(@Nullable String hint) {
		return (hint != null) ? BOUNDED : ALL;
	}

	/**
	 * Return how many seconds of history to show.
	 * @param columns the number of values for each second
	 * @return the number of seconds
	 */
	int seconds(int columns) {
		return this.historyValues / columns;
	}

	<T> Stream<T> first(List<T> items) {
		return first(items, (item) -> false);
	}

	/**
	 * Return the items to show.
	 * @param <T> the type of the items
	 * @param items all items, most important first
	 * @param always selects items to show regardless of the limit
	 * @return the items to show
	 */
	<T> Stream<T> first(List<T> items, Predicate<T> always) {
		return IntStream.range(0, items.size())
			.filter((index) -> index < this.items || always.test(items.get(index)))
			.mapToObj(items::get);
	}

}
