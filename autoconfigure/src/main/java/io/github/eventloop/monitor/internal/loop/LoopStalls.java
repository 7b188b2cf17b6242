package io.github.eventloop.monitor.internal.loop;

import java.util.ArrayList;
import java.util.List;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.internal.recorder.RecordedView;

/**
 * Stalls of one loop that ended while it was monitored.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}. The loop keeps
 * recording while it is read.
 */
final class LoopStalls {

	private final RecordedView view;

	private final long thresholdNanos;

	/** The number of recorded long iterations that have been read. */
	private long read;

	private long count;

	/** The stalls that ended since they were last taken. */
	private final List<LongIteration> ended = new ArrayList<>();

	/**
	 * Make the loop record its stalls from now on.
	 * @param view the view of the loop
	 * @param thresholdNanos the length above which an iteration is a stall
	 * @param created whether stalls since the creation of the loop count, instead of
	 * those from now on
	 */
	LoopStalls(RecordedView view, long thresholdNanos, boolean created) {
		this.view = view;
		this.thresholdNanos = thresholdNanos;
		view.recordIterationsLongerThan(thresholdNanos);
		this.read = created ? 0 : view.longIterationCount();
	}

	/**
	 * Return the number of stalls that ended while the loop was monitored.
	 * @return the number
	 */
	long count() {
		long recorded = this.view.longIterationCount();
		for (; this.read < recorded; this.read++) {
			LongIteration iteration = this.view.longIteration(this.read);
			if (iteration == null) {
				// Overwritten, and the length is lost. It was a stall for certain only if
				// no other monitor has lowered the threshold of the loop.
				this.count += (this.view.longIterationThreshold() == this.thresholdNanos) ? 1 : 0;
			}
			else if (iteration.nanos() > this.thresholdNanos) {
				this.count++;
				this.ended.add(iteration);
			}
		}
		return this.count;
	}

	/**
	 * Return the stalls that ended since the last call.
	 * @return the stalls, oldest first
	 */
	List<LongIteration> takeEnded() {
		count();
		if (this.ended.isEmpty()) {
			return List.of();
		}
		List<LongIteration> taken = List.copyOf(this.ended);
		this.ended.clear();
		return taken;
	}

}
