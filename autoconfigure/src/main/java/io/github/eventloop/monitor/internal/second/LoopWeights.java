package io.github.eventloop.monitor.internal.second;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.internal.loop.LoopEntry;

/**
 * Current weight of each loop: by its {@linkplain ChannelWeights channels}, or equal for
 * all started loops if there are no channels. Loops that do not count have no weight, and
 * external loops count for the lag only.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
final class LoopWeights {

	/** Contains the loops that have started and count. */
	private final IdentityHashMap<LoopEntry, Double> weights = new IdentityHashMap<>();

	/** The number of these loops whose utilization is known. */
	private int measured;

	LoopWeights(List<LoopEntry> entries) {
		List<LoopEntry> counted = new ArrayList<>();
		boolean anyInUse = false;
		for (LoopEntry entry : entries) {
			if (entry.isStarted() && entry.loop().isCounted()) {
				counted.add(entry);
				this.weights.put(entry, 0.0);
				this.measured += entry.loop().isApproximate() ? 0 : 1;
				anyInUse |= entry.history().channelsOfSecond() > 0;
			}
		}
		if (anyInUse) {
			// Unused loops must not dilute the lag of those in use.
			counted.removeIf((entry) -> !entry.history().isInUse());
		}
		int[] channels = new int[counted.size()];
		for (int i = 0; i < channels.length; i++) {
			channels[i] = counted.get(i).history().channelsOfSecond();
		}
		double[] each = ChannelWeights.of(channels);
		for (int i = 0; i < each.length; i++) {
			this.weights.put(counted.get(i), each[i]);
		}
	}

	double of(LoopEntry entry) {
		return this.weights.getOrDefault(entry, 0.0);
	}

	/** Return whether the utilization of a loop is known and counts. */
	boolean isMeasured(LoopEntry entry) {
		return this.weights.containsKey(entry) && !entry.loop().isApproximate();
	}

	/**
	 * Return the mean utilization of the measured loops.
	 * @param sum the sum of their utilizations
	 * @return the mean, or 0 if there are no such loops
	 */
	double mean(double sum) {
		return (this.measured > 0) ? sum / this.measured : 0;
	}

}
