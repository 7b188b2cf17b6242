package io.github.eventloop.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Snapshot of all event loops at one instant. Immutable.
 *
 * @param at the instant, by the wall clock
 * @param nanoTime the instant, by {@link System#nanoTime()}
 * @param window the length of the window of lag, utilization and pauses
 * @param lag the lag of an event on a random open channel: in each second, a loop is
 * weighted by the channels registered with it
 * @param utilization the unweighted mean utilization of the started loops that count and
 * whose utilization is known, 0..1
 * @param pause the pauses of the whole process in the window
 * @param stalls the stalls that ended since the monitor started
 * @param stallsInProgress the loops that are stalled at this instant
 * @param loops the loops
 * @since 0.1.0
 */
public record EventLoopSnapshot(Instant at, long nanoTime, Duration window, Lag lag, double utilization,
		PauseTotals pause, long stalls, int stallsInProgress, List<LoopSnapshot> loops) {

	/**
	 * Return the loop with a given name.
	 * @param name the name of its thread
	 * @return the loop, or empty if there is none
	 */
	public Optional<LoopSnapshot> loop(String name) {
		return this.loops.stream().filter((loop) -> loop.name().equals(name)).findFirst();
	}

	/**
	 * Return whether requests can arrive on the loops: one of them accepts connections,
	 * or serves connections that were accepted.
	 * @return {@code false} if all loops are those of clients and drivers
	 */
	public boolean acceptsConnections() {
		return this.loops.stream()
			.anyMatch((loop) -> loop.roles().contains(LoopRole.ACCEPTOR) || loop.roles().contains(LoopRole.SERVER));
	}

	/**
	 * Return the age of the oldest iteration in progress.
	 * @return the age in nanoseconds, or 0 if all loops are idle
	 */
	public long longestBusyNanos() {
		return this.loops.stream().mapToLong(LoopSnapshot::busyNanos).max().orElse(0);
	}

	/**
	 * Return the usage since an earlier snapshot of the same monitor, for intervals of
	 * the caller's choice.
	 * @param earlier the earlier snapshot
	 * @return the usage between the two snapshots
	 * @throws IllegalArgumentException if the other snapshot is the later one
	 */
	public EventLoopUsage since(EventLoopSnapshot earlier) {
		Duration duration = Duration.ofNanos(this.nanoTime - earlier.nanoTime);
		if (duration.isNegative()) {
			throw new IllegalArgumentException("'earlier' must not be later than this snapshot, but is by "
					+ duration.negated().toMillis() + " ms: call later.since(earlier)");
		}
		Map<Long, LoopSnapshot> before = new HashMap<>();
		earlier.loops.forEach((loop) -> before.put(loop.id(), loop));
		List<LoopUsage> usages = new ArrayList<>();
		DoubleSummaryStatistics utilization = new DoubleSummaryStatistics();
		for (LoopSnapshot loop : this.loops) {
			LoopUsage usage = loop.since(before.get(loop.id()), duration.toNanos());
			usages.add(usage);
			if (loop.counted() && !loop.approximate() && usage.ioNanos() + usage.taskNanos() + usage.idleNanos() > 0) {
				utilization.accept(usage.utilization());
			}
		}
		return new EventLoopUsage(duration, utilization.getAverage(), List.copyOf(usages));
	}

}
