package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.List;

/**
 * Usage of all event loops between two snapshots. Immutable.
 *
 * @param duration the time between the snapshots
 * @param utilization the mean utilization of the loops that ran, 0..1
 * @param loops the loops of the later snapshot, in its order; a loop that is not in the
 * earlier snapshot counts from its start
 * @since 0.1.0
 */
public record EventLoopUsage(Duration duration, double utilization, List<LoopUsage> loops) {
}
