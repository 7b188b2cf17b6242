package io.github.eventloop.monitor.internal.pause;

import java.util.ArrayList;
import java.util.List;

import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.internal.recorder.RecordedView;

/**
 * Check of the loops' records for whether the whole process was paused while the monitor
 * thread did not run, or only that thread. During a pause, each loop stays in one wait or
 * one iteration. A loop that started another one meanwhile, or whose waits and iterations
 * are all shorter, proves that the process ran.
 * <p>
 * Not thread-safe: used by the monitor thread only.
 */
public final class PauseWitnesses {

	private List<RecordedView> views = List.of();

	/** The last remembered reading of each view. */
	private final List<LoopReading> before = new ArrayList<>();

	/**
	 * Remember the current readings of the loops.
	 * @param loops the views of the loops
	 */
	public void remember(List<RecordedView> loops) {
		this.views = loops;
		this.before.clear();
		for (RecordedView view : loops) {
			this.before.add(view.read());
		}
	}

	/**
	 * Return the longest pause of the process that is possible in a period.
	 * @param from the start of the period, not before the readings were remembered
	 * @param to the end of the period
	 * @return the length in nanoseconds; that of the whole period if there is no loop
	 */
	public long longestPossiblePause(long from, long to) {
		long longest = to - from;
		for (int i = 0; i < this.views.size(); i++) {
			LoopReading earlier = this.before.get(i);
			LoopReading now = this.views.get(i).read();
			if (earlier.started()) {
				longest = Math.min(longest, longestPhase(earlier, now));
				longest = Math.min(longest, longestWithout(this.views.get(i).phaseSince(), from, to));
			}
		}
		return longest;
	}

	/**
	 * Return an upper bound for the longest wait or iteration. No wait is longer than the
	 * sum of all, and an iteration adds half of the square of its length to the lag area.
	 */
	private static long longestPhase(LoopReading earlier, LoopReading now) {
		long idleNanos = now.idleNanos() - earlier.idleNanos();
		double longestIteration = Math.sqrt(2 * Math.max(0, now.lagArea() - earlier.lagArea()));
		return Math.max(idleNanos, (long) Math.min(longestIteration, now.activeNanos() - earlier.activeNanos()));
	}

	/**
	 * Return the longest part of a period without an instant at which a phase started.
	 */
	private static long longestWithout(long instant, long from, long to) {
		boolean within = instant - from > 0 && to - instant > 0;
		return within ? Math.max(instant - from, to - instant) : to - from;
	}

}
