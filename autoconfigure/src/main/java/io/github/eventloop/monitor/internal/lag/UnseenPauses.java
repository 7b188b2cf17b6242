package io.github.eventloop.monitor.internal.lag;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.internal.recorder.DurationBuckets;

/**
 * Search for the pauses of the process during which a loop was idle. They delayed its
 * events as well, but left no iteration of their length.
 * <p>
 * Stateless and thread-safe.
 */
public final class UnseenPauses {

	/** Tolerance between the reported length of a pause and that seen by the loop. */
	private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/** Shorter pauses are reported by collectors only, to the millisecond. */
	private static final long SHORT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long SHORT_PAUSE_SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long[] NONE = new long[0];

	private UnseenPauses() {
	}

	/**
	 * Return the pauses without an iteration of their length. Together they are no longer
	 * than the idle time of the loop.
	 * @param pauses the lengths of the pauses, longest first
	 * @param base the reading at the start of the period
	 * @param reading the reading at its end
	 * @param iterations the iterations that ended in the period
	 * @return the lengths of the pauses
	 */
	public static long[] among(long[] pauses, LoopReading base, LoopReading reading, Histogram iterations) {
		if (pauses.length == 0 || !reading.started()) {
			return NONE;
		}
		long[] unseen = new long[pauses.length];
		int found = 0;
		int matched = 0;
		long idleNanos = reading.idleNanos() - base.idleNanos();
		for (long pause : pauses) {
			long slack = (pause < SHORT_PAUSE_NANOS) ? SHORT_PAUSE_SLACK_NANOS : SLACK_NANOS + pause / 50;
			if (iterationsOf(pause - slack, reading, iterations) > matched) {
				matched++;
			}
			else if (pause <= idleNanos + SLACK_NANOS) {
				unseen[found++] = pause;
				idleNanos -= pause;
			}
		}
		return Arrays.copyOf(unseen, found);
	}

	private static long iterationsOf(long nanos, LoopReading reading, Histogram ended) {
		boolean inProgress = reading.busyNanos() > 0 && reading.busyNanos() >= nanos;
		return ended.countFrom(DurationBuckets.indexOf(nanos)) + (inProgress ? 1 : 0);
	}

}
