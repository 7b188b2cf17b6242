package io.github.eventloop.monitor.internal.lag;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.internal.recorder.DurationBuckets;
import io.github.eventloop.monitor.internal.recorder.RecordedView;

/**
 * Reader of what one loop has recorded since the end of its last slice.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}. The loop keeps
 * recording while it is read.
 */
public final class SliceReader {

	private final RecordedView view;

	/** The reading at the end of the last slice. */
	private LoopReading base = Slice.START;

	/** When the last slice ended, or the monitoring of this loop started. */
	private long baseAt;

	/**
	 * The number of the iteration that was in progress then, for when it has ended; -1 if
	 * none is awaited.
	 */
	private long baseAwaited = -1;

	private final int[] baseCounts = new int[DurationBuckets.COUNT];

	/** The newest reading: later ones must not be below it. */
	private LoopReading newest = Slice.START;

	/**
	 * The counts of a live reading: a scratch buffer shared by all loops of a monitor.
	 */
	private final int[] counts;

	/**
	 * The only iteration that has ended since the last slice as of the last reading, or
	 * {@code null} if there is none, if there are others, or if it is unknown.
	 */
	private @Nullable LongIteration onlyEnded;

	/**
	 * Start the first slice.
	 * @param view the view of the loop
	 * @param counts a scratch buffer
	 * @param created whether the slice starts when the loop was created, instead of now
	 */
	public SliceReader(RecordedView view, int[] counts, boolean created) {
		this.view = view;
		this.counts = counts;
		if (created) {
			this.baseAt = view.createdAt();
		}
		else {
			End end = readEnd();
			advanceTo(end.reading);
			if (hasEndedIterations(end.reading)) {
				System.arraycopy(this.counts, 0, this.baseCounts, 0, this.counts.length);
			}
			rebase(end);
		}
	}

	private void rebase(End end) {
		this.base = end.reading;
		this.baseAt = end.reading.at();
		this.baseAwaited = end.awaited;
		this.onlyEnded = null;
	}

	/**
	 * Return the reading at the end of the last slice.
	 * @return the reading, which is zero if the loop has been monitored since its
	 * creation and no slice has ended
	 */
	public LoopReading base() {
		return this.base;
	}

	/**
	 * Return when the slice in progress started.
	 * @return the instant
	 */
	public long startNanos() {
		return this.baseAt;
	}

	/** If not, there are no counts to read, and an idle loop costs almost nothing. */
	private boolean hasEndedIterations(LoopReading reading) {
		return reading.iterations() != this.base.iterations();
	}

	/**
	 * Return the iteration that has ended since the last slice, if there is only one. Its
	 * end was awaited, so that it is known without the counts: copying and comparing
	 * these takes most of the time for an idle loop, which Netty wakes up once a second.
	 */
	private @Nullable LongIteration onlyEnded(LoopReading reading) {
		if (reading.iterations() - this.base.iterations() != 1 || this.baseAwaited < 0) {
			return null;
		}
		LongIteration ended = this.view.awaited(this.baseAwaited);
		// Unless it ended between the request to record it and the base.
		boolean known = ended != null && ended.endedAt() - this.baseAt > 0 && ended.endedAt() - reading.at() <= 0;
		return known ? ended : null;
	}

	/**
	 * Read the loop and the matching counts. An iteration that ends between the two reads
	 * would be counted twice or not at all. That only matters for a long one, and another
	 * long one does not end soon after, so that a retry succeeds.
	 * @return the reading, not below the one of {@link #advanceTo(LoopReading)}
	 */
	public LoopReading read() {
		LoopReading reading = this.view.read();
		this.onlyEnded = onlyEnded(reading);
		for (int attempt = 0; this.onlyEnded == null && hasEndedIterations(reading) && attempt < 3; attempt++) {
			this.view.readCounts(this.counts);
			LoopReading after = this.view.read();
			if (after.iterations() == reading.iterations() || reading.busyNanos() < 1_000_000) {
				break;
			}
			reading = after;
		}
		return monotonic(reading, this.newest);
	}

	/**
	 * Read the loop at the end of a slice, and request that it record the end of the
	 * iteration that is in progress.
	 * @return the reading
	 */
	public End readEnd() {
		End end = new End(this.view.awaitEnd(), read());
		// Retry if an iteration ended meanwhile: it may not be the one that was read.
		for (int attempt = 1; !this.view.awaitsEnd() && attempt < 3; attempt++) {
			end = new End(this.view.awaitEnd(), read());
		}
		return end;
	}

	/**
	 * Use a reading: no later one may be below it.
	 * @param reading the last reading
	 */
	public void advanceTo(LoopReading reading) {
		this.newest = reading;
	}

	/**
	 * Return the iterations that have ended since the last slice.
	 * @param reading the last reading, which the scratch buffer still matches
	 * @return the iterations by length, valid until the next reading of any loop
	 */
	public Histogram endedIterations(LoopReading reading) {
		LongIteration only = this.onlyEnded;
		if (only != null) {
			return SparseHistogram.of(only.nanos());
		}
		return hasEndedIterations(reading) ? new CountedIterations(this.baseCounts, this.counts)
				: SparseHistogram.EMPTY;
	}

	/**
	 * Return the iteration that was in progress when the last slice ended and has ended
	 * since. If the loop ended it just as its end was being awaited, it is unknown and
	 * counts as one that began in this slice.
	 * @param reading the last reading
	 * @return the iteration, or {@code null} if there is none
	 */
	public @Nullable LongIteration crossing(LoopReading reading) {
		if (this.base.busyNanos() == 0 || !hasEndedIterations(reading)) {
			return null;
		}
		LongIteration ended = this.view.awaited(this.baseAwaited);
		boolean known = ended != null && ended.startedAt() == this.base.at() - this.base.busyNanos();
		return known ? ended : null;
	}

	/**
	 * Start the next slice.
	 * @param slice the slice that ends
	 * @param end the reading at its end
	 */
	public void startNext(Slice slice, End end) {
		for (SparseHistogram.Cursor each = slice.iterations().toSparse().cursor(); each.next();) {
			this.baseCounts[each.bucket()] += (int) each.count();
		}
		rebase(end);
	}

	/**
	 * Return a reading with no counter below that of an earlier one. A loop reads the
	 * clock before it publishes the instant, and may be preempted between the two: a
	 * reader in that gap sees the old phase last slightly too long.
	 */
	private static LoopReading monotonic(LoopReading reading, LoopReading earlier) {
		return new LoopReading(reading.at(), reading.started(), reading.busyNanos(),
				Math.max(reading.idleNanos(), earlier.idleNanos()), Math.max(reading.ioNanos(), earlier.ioNanos()),
				Math.max(reading.taskNanos(), earlier.taskNanos()),
				Math.max(reading.iterations(), earlier.iterations()), Math.max(reading.events(), earlier.events()),
				Math.max(reading.eventsWaiting(), earlier.eventsWaiting()),
				Math.max(reading.lagArea(), earlier.lagArea()));
	}

	/**
	 * Reading at the end of a slice.
	 *
	 * @param awaited the number of the awaited iteration that was in progress then
	 * @param reading the reading
	 */
	public record End(long awaited, LoopReading reading) {
	}

}
