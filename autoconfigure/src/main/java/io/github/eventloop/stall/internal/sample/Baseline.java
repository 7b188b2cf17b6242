package io.github.eventloop.stall.internal.sample;

/**
 * The usage of a loop's thread and of the process as last read outside of the stall. The
 * thread may use CPU time between that reading and the start of the stall. If one stall
 * follows another immediately, the reading may be later than the start of the stall.
 *
 * @param usage the usage of the loop's thread at the time of the reading
 * @param process the usage of the process at the time of the reading
 * @param activeBeforeNanos how long the loop was active between the reading and the start
 * of the stall
 * @param missedNanos how much of the stall had passed before the reading
 */
public record Baseline(ThreadUsage usage, ProcessUsage process, long activeBeforeNanos, long missedNanos) {

	static final Baseline NONE = new Baseline(ThreadUsage.UNKNOWN, ProcessUsage.NOTHING, 0, 0);

}
