package io.github.eventloop.stall.internal.record;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.github.eventloop.stall.Hotspot;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallChanges;
import io.github.eventloop.stall.StallDetector;

/**
 * The records of stalls that readers see: the history and the hotspots of those that are
 * complete, combined with the stalls that are not.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
public final class StallRecords {

	private static final Comparator<Stall> NEWEST_FIRST = Comparator.comparingLong(Stall::id).reversed();

	private final StallHistory history = new StallHistory();

	private final HotspotTable hotspots = new HotspotTable();

	/**
	 * Add a stall whose measurements are complete.
	 * @param stall the stall
	 */
	public void add(Stall stall) {
		this.history.add(stall);
		this.hotspots.add(stall);
	}

	/**
	 * Return the recorded and the unfinished stalls.
	 * @param unfinished the stalls that are not complete
	 * @return all stalls, newest first
	 */
	public List<Stall> stalls(List<Stall> unfinished) {
		return newestFirst(this.history.stalls(), unfinished);
	}

	/**
	 * Return the changes since a position.
	 * @param position the position
	 * @param unfinished the stalls that are not complete
	 * @return the changes
	 */
	public StallChanges changesSince(long position, List<Stall> unfinished) {
		boolean unbroken = this.history.isUnbrokenSince(position);
		List<Stall> recorded = unbroken ? this.history.addedSince(position) : this.history.stalls();
		return new StallChanges(this.history.position(), !unbroken, newestFirst(recorded, unfinished));
	}

	private static List<Stall> newestFirst(List<Stall> recorded, List<Stall> unfinished) {
		List<Stall> stalls = new ArrayList<>(recorded);
		stalls.addAll(unfinished);
		stalls.sort(NEWEST_FIRST);
		return stalls;
	}

	/**
	 * Return the recorded and the unfinished stalls, grouped by culprit and cause.
	 * @param unfinished the stalls that are not complete
	 * @return the hotspots, longest total duration first
	 */
	public List<Hotspot> hotspots(List<Stall> unfinished) {
		HotspotTable all = this.hotspots.copy();
		unfinished.forEach(all::add);
		return all.hotspots();
	}

	public void clear() {
		this.history.clear();
		this.hotspots.clear();
	}

}
