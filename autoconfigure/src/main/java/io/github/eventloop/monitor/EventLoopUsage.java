package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.List;

/**
 * What all event loops did between two snapshots. Immutable.
 *
 * @param duration the time between the snapshots
 * @param utilization the mean utilization of the loops that ran, 0..1
 * @param loops the loops of the later snapshot, in its order; what a loop did that was
 * not in the earlier one counts from its start
 * @since 0.1.0
 */
public record EventLoopUsage(Duration duration, double utilization, List<LoopUsage> loops) {
}
