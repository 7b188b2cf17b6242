package io.github.eventloop.stall.internal.cause;

import io.github.eventloop.stall.StallDetector;

/**
 * The progress of a loop during one stall: whether it starts tasks or requests, as a
 * flooded loop does, or none, as a blocked one.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
public final class TaskProgress {

	/** When the stall started, as {@link System#nanoTime()}. */
	private final long startedAt;

	/** The time between samples in which the loop started tasks. */
	private long advancingNanos;

	/** The time between samples in which it started none. */
	private long stuckNanos;

	/** When the tasks started were last read, or 0. */
	private long readAt;

	private long tasksStarted;

	public TaskProgress(long startedAt) {
		this.startedAt = startedAt;
	}

	/**
	 * Add a reading.
	 * @param at the time of the reading, as {@link System#nanoTime()}
	 * @param tasksStarted the tasks and requests that the loop has started since the
	 * start of the stall
	 */
	public void add(long at, long tasksStarted) {
		if (this.readAt != 0) {
			long nanos = at - this.readAt;
			this.advancingNanos += (tasksStarted != this.tasksStarted) ? nanos : 0;
			this.stuckNanos += (tasksStarted == this.tasksStarted) ? nanos : 0;
		}
		else if (tasksStarted < Diagnosis.FEWEST_TASKS) {
			// Otherwise their distribution before the first sample is unknown.
			this.stuckNanos += at - this.startedAt;
		}
		this.readAt = at;
		this.tasksStarted = tasksStarted;
	}

	/** Return whether the loop started tasks or requests for most of the time. */
	public boolean isAdvancing() {
		return this.advancingNanos > this.stuckNanos;
	}

	public long tasksStarted() {
		return this.tasksStarted;
	}

}
