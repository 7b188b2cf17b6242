package io.github.eventloop.stall;

/**
 * Published as an application event for every stall that ended, and for one in progress
 * whenever it is logged. Listeners are called one after the other by a thread of their
 * own: neither an event loop nor the thread that watches the loops waits for them. One
 * that falls behind by hundreds of stalls misses the oldest.
 *
 * @param stall the stall
 * @since 0.1.0
 */
public record EventLoopStallEvent(Stall stall) {

}
