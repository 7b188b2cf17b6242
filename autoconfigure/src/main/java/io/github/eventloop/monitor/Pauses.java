package io.github.eventloop.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Remembers between which instants the process was not running. The same pause may be
 * told of by several witnesses, one of them late (the collector says how long it took,
 * the watcher how late it woke up): what overlaps is one pause, and a pause that was
 * accounted for is not accounted for again.
 * <p>
 * Thread-safe: guarded by itself.
 */
final class Pauses {

	/** Bounds what a collector gone wild can make us keep. */
	private static final int MOST = 1000;

	/** Where a pause begins and ends is known to so much. */
	private static final long TOLERANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/** By the instant at which they ended, the oldest first. */
	private final List<Pause> pauses = new ArrayList<>();

	/**
	 * Add a pause.
	 * @param from when it began
	 * @param to when it ended
	 */
	synchronized void add(long from, long to) {
		Pause added = new Pause(from, to, false);
		for (int i = this.pauses.size() - 1; i >= 0; i--) {
			if (this.pauses.get(i).overlaps(added)) {
				added = this.pauses.remove(i).plus(added);
			}
		}
		if (this.pauses.size() == MOST) {
			this.pauses.remove(0);
		}
		int index = this.pauses.size();
		while (index > 0 && this.pauses.get(index - 1).to - added.to > 0) {
			index--;
		}
		this.pauses.add(index, added);
	}

	/**
	 * Return the pauses that were not accounted for yet.
	 * @return their lengths in nanoseconds
	 */
	synchronized long[] pending() {
		return this.pauses.stream().filter((pause) -> !pause.accounted).mapToLong(Pause::length).toArray();
	}

	/**
	 * Return the pauses that were not accounted for yet, and take them as accounted for.
	 * @param oldest before which instant pauses can be forgotten
	 * @return their lengths in nanoseconds
	 */
	synchronized long[] account(long oldest) {
		long[] lengths = pending();
		this.pauses.removeIf((pause) -> pause.to - oldest < 0);
		this.pauses.replaceAll((pause) -> new Pause(pause.from, pause.to, true));
		return lengths;
	}

	/**
	 * Return for how much of some time the process was not running.
	 * @param from when the time began
	 * @param to when it ended
	 * @return the part of it in nanoseconds
	 */
	synchronized long within(long from, long to) {
		long nanos = 0;
		// From the newest on, for what is asked about mostly is not long ago.
		for (int i = this.pauses.size() - 1; i >= 0 && this.pauses.get(i).to - from > 0; i--) {
			nanos += this.pauses.get(i).within(from, to);
		}
		return nanos;
	}

	private record Pause(long from, long to, boolean accounted) {

		/** One that follows at once is another pause. */
		boolean overlaps(Pause other) {
			return within(other.from, other.to) >= TOLERANCE_NANOS;
		}

		long within(long from, long to) {
			long begin = Math.max(0, this.from - from);
			long end = Math.min(to - from, this.to - from);
			return Math.max(0, end - begin);
		}

		Pause plus(Pause other) {
			return new Pause((this.from - other.from < 0) ? this.from : other.from,
					(this.to - other.to > 0) ? this.to : other.to, this.accounted || other.accounted);
		}

		long length() {
			return this.to - this.from;
		}

	}

}
