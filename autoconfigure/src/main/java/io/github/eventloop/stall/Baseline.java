package io.github.eventloop.stall;

/**
 * What was known of a loop when it was last seen without a stall. Its thread may have
 * used CPU time between that instant and the beginning of the stall or, where the next
 * stall follows at once, from the beginning of the stall to that instant.
 *
 * @param usage what the loop's thread had used by then
 * @param process what the process had used by then
 * @param beforeNanos for how long the loop was active between then and the beginning of
 * the stall
 * @param missedNanos for how long the stall was in progress by then
 */
record Baseline(ThreadUsage usage, ProcessUsage process, long beforeNanos, long missedNanos) {

	static final Baseline NONE = new Baseline(ThreadUsage.UNKNOWN, ProcessUsage.NOTHING, 0, 0);

}
