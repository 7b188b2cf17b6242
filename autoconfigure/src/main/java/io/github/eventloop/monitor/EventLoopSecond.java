package io.github.eventloop.monitor;

import java.util.List;

/**
 * Figures of all event loops for one second. Immutable.
 *
 * @param lag the lag of an event on a random open channel in this second alone, including
 * the iterations in progress at its end
 * @param handledLag the lag of the events that the loops handled in this second: an
 * iteration counts as a whole in the second in which it ends, as in the meter
 * {@code eventloop.lag}, and one in progress does not count yet
 * @param utilization the mean utilization of the started loops in this second alone, 0..1
 * @param pauseNanos the lengths of the pauses in this second
 * @param loops the loops in this second alone, in the order of the snapshot's loops
 * @param snapshot the loops at the end of this second, over the whole window
 * @since 0.1.0
 */
public record EventLoopSecond(Lag lag, Lag handledLag, double utilization, List<Long> pauseNanos,
		List<LoopSecond> loops, EventLoopSnapshot snapshot) {
}
