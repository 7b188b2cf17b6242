package io.github.eventloop.monitor;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects the instants between which the process was not running. The same pause may be
 * reported by several witnesses (the collector says how long it took, the watcher how
 * late it woke up): what overlaps is one pause.
 * <p>
 * Thread-safe: guarded by itself.
 */
final class Pauses {

	/** Bounds what a collector gone wild can make us keep until the next second. */
	private static final int MOST = 1000;

	private final List<Pause> current = new ArrayList<>();

	/**
	 * Add a pause.
	 * @param from when it began
	 * @param to when it ended
	 */
	synchronized void add(long from, long to) {
		Pause merged = new Pause(from, to);
		for (int i = this.current.size() - 1; i >= 0; i--) {
			if (this.current.get(i).overlaps(merged)) {
				merged = merged.plus(this.current.remove(i));
			}
		}
		if (this.current.size() < MOST) {
			this.current.add(merged);
		}
	}

	/**
	 * Return the lengths of the pauses since the last {@link #clear()}.
	 * @return the lengths in nanoseconds
	 */
	synchronized long[] lengths() {
		return this.current.stream().mapToLong(Pause::length).toArray();
	}

	synchronized void clear() {
		this.current.clear();
	}

	private record Pause(long from, long to) {

		boolean overlaps(Pause other) {
			return this.from - other.to <= 0 && other.from - this.to <= 0;
		}

		Pause plus(Pause other) {
			return new Pause((this.from - other.from < 0) ? this.from : other.from,
					(this.to - other.to > 0) ? this.to : other.to);
		}

		long length() {
			return this.to - this.from;
		}

	}

}
