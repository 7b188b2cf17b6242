package io.github.eventloop.monitor;

import java.util.List;

/**
 * All event loops in one second. Immutable.
 *
 * @param lag what an event on a random open channel met in this second alone, the
 * iterations in progress at its end included
 * @param handledLag what the events had met that the loops got to in this second: an
 * iteration counts as a whole in the second in which it ends, as in the meter
 * {@code eventloop.lag}, and one in progress not yet
 * @param utilization the mean utilization of the started loops in this second alone, 0..1
 * @param pauseNanos the lengths of the pauses in this second
 * @param loops the loops in this second alone, in the order of the snapshot's loops
 * @param snapshot the loops at the end of this second, over the whole window
 * @since 0.1.0
 */
public record EventLoopSecond(Lag lag, Lag handledLag, double utilization, List<Long> pauseNanos,
		List<LoopSecond> loops, EventLoopSnapshot snapshot) {
}
