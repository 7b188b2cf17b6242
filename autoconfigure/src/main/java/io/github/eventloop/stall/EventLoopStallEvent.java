package io.github.eventloop.stall;

/**
 * Application event that is published for every stall that has ended, and for a stall in
 * progress whenever it is logged. Listeners are called sequentially on a separate thread:
 * neither an event loop nor the monitor thread waits for them. A listener that falls
 * behind by hundreds of stalls misses the oldest ones.
 *
 * @param stall the stall
 * @since 0.1.0
 */
public record EventLoopStallEvent(Stall stall) {

}
