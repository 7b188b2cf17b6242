package io.github.eventloop.monitor.internal.pause;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Pauses of the process. The same pause may be reported twice, possibly late: a collector
 * reports its duration, and the monitor thread how late it woke up. Overlapping reports
 * are merged into one pause, and a pause that has been accounted for is not accounted for
 * again.
 * <p>
 * Thread-safe: guarded by itself.
 */
final class Pauses {

	/** Limits the memory if a collector runs permanently. */
	private static final int MAX_PAUSES = 1000;

	/** Precision of the start and the end of a pause. */
	private static final long TOLERANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/** Ordered by end, oldest first. */
	private final List<Pause> pauses = new ArrayList<>();

	/**
	 * Add a pause.
	 * @param from the start of the pause
	 * @param to the end of the pause
	 */
	synchronized void add(long from, long to) {
		Pause added = new Pause(from, to, false);
		for (int i = this.pauses.size() - 1; i >= 0; i--) {
			if (this.pauses.get(i).overlaps(added)) {
				added = this.pauses.remove(i).plus(added);
			}
		}
		if (this.pauses.size() == MAX_PAUSES) {
			this.pauses.remove(0);
		}
		int index = this.pauses.size();
		while (index > 0 && this.pauses.get(index - 1).to - added.to > 0) {
			index--;
		}
		this.pauses.add(index, added);
	}

	/**
	 * Return the pauses that have not been accounted for.
	 * @return their lengths in nanoseconds
	 */
	synchronized long[] pending() {
		long[] lengths = new long[this.pauses.size()];
		int length = 0;
		for (Pause pause : this.pauses) {
			if (!pause.accounted) {
				lengths[length++] = pause.length();
			}
		}
		return Arrays.copyOf(lengths, length);
	}

	/**
	 * Return the pauses that have not been accounted for, and mark them as such.
	 * @param oldest the instant before which pauses can be discarded
	 * @return their lengths in nanoseconds
	 */
	synchronized long[] account(long oldest) {
		long[] lengths = pending();
		List<Pause> kept = new ArrayList<>();
		for (Pause pause : this.pauses) {
			if (pause.to - oldest >= 0) {
				kept.add(new Pause(pause.from, pause.to, true));
			}
		}
		this.pauses.clear();
		this.pauses.addAll(kept);
		return lengths;
	}

	/**
	 * Return for how long the process was paused in a period.
	 * @param from the start of the period
	 * @param to the end of the period
	 * @return the paused time in nanoseconds
	 */
	synchronized long within(long from, long to) {
		long nanos = 0;
		// Newest first, because most callers query a recent period.
		for (int i = this.pauses.size() - 1; i >= 0 && this.pauses.get(i).to - from > 0; i--) {
			nanos += this.pauses.get(i).within(from, to);
		}
		return nanos;
	}

	private record Pause(long from, long to, boolean accounted) {

		/** Adjacent pauses do not overlap: they are two pauses. */
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
