package io.github.eventloop.stall.internal.record;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Table that evicts the least recently used entry when it is full, so that an application
 * with ever new culprits cannot fill the heap. Reading and writing an entry are uses of
 * it, iterating is not. Reading reorders the entries, so readers need exclusive access,
 * too.
 * <p>
 * Not thread-safe.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class BoundedTable<K, V> extends LinkedHashMap<K, V> {

	private static final long serialVersionUID = 1;

	private final int capacity;

	/**
	 * Create an empty table.
	 * @param capacity the maximum number of entries
	 */
	public BoundedTable(int capacity) {
		super(16, 0.75f, true);
		this.capacity = capacity;
	}

	@Override
	protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
		return size() > this.capacity;
	}

}
