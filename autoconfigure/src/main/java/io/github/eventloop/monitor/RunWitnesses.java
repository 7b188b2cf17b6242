package io.github.eventloop.monitor;

import java.util.ArrayList;
import java.util.List;

import io.github.eventloop.monitor.LoopRecorder.Reading;

/**
 * Tells what loops recorded while the monitor's thread did not run: whether the whole
 * process may have stood still, or that thread alone. If the process stood still, each
 * loop was in one wait or one iteration all that time. One that began another meanwhile,
 * or whose waits and iterations are all shorter, proves that the process ran.
 * <p>
 * Not thread-safe: only the monitor's thread uses it.
 */
final class RunWitnesses {

	private List<LoopRecorder> recorders = List.of();

	/** What each recorder told when it was asked last. */
	private final List<Reading> before = new ArrayList<>();

	/**
	 * Remember how far the loops have come.
	 * @param loops their recorders
	 */
	void remember(List<LoopRecorder> loops) {
		this.recorders = loops;
		this.before.clear();
		loops.forEach((recorder) -> this.before.add(recorder.read()));
	}

	/**
	 * Return for how much of some time the process may have stood still, in one piece.
	 * @param from when the time began, not before the loops were remembered
	 * @param to when it ended
	 * @return the part of it in nanoseconds; all of it if no loop can tell
	 */
	long longestStandstill(long from, long to) {
		long longest = to - from;
		for (int i = 0; i < this.recorders.size(); i++) {
			Reading earlier = this.before.get(i);
			Reading now = this.recorders.get(i).read();
			if (earlier.started()) {
				longest = Math.min(longest, longestPhase(earlier, now));
				longest = Math.min(longest, longestWithout(this.recorders.get(i).phaseSince(), from, to));
			}
		}
		return longest;
	}

	/**
	 * No wait was longer than all of them. The lag of an iteration is half of the square
	 * of its length, so that none was longer than its lag allows.
	 */
	private static long longestPhase(Reading earlier, Reading now) {
		long idleNanos = now.idleNanos() - earlier.idleNanos();
		double longestIteration = Math.sqrt(2 * Math.max(0, now.lagArea() - earlier.lagArea()));
		return Math.max(idleNanos, (long) Math.min(longestIteration, now.activeNanos() - earlier.activeNanos()));
	}

	/** At that instant, the process ran. */
	private static long longestWithout(long instant, long from, long to) {
		boolean within = instant - from > 0 && to - instant > 0;
		return within ? Math.max(instant - from, to - instant) : to - from;
	}

}
