package io.github.eventloop.finding.internal;

import java.time.Duration;
import java.util.List;

import io.github.eventloop.monitor.EventLoopHistory;
import io.github.eventloop.monitor.LoopSnapshot;

/**
 * The load of one loop in the last seconds. Immutable.
 *
 * @param loop the loop
 * @param utilization its mean utilization, 0..1
 * @param cpuUtilization the mean share of a CPU that its thread used, 0..1; NaN if it is
 * not known
 * @param stalledShare the part of the utilization in seconds with a stall, 0..1; not
 * taken from the stalls themselves, because only the newest are retained
 */
public record LoopLoad(LoopSnapshot loop, double utilization, double cpuUtilization, double stalledShare) {

	static LoopLoad of(LoopSnapshot loop, EventLoopHistory.Loop history, int seconds, Duration stallThreshold) {
		float[] utilization = history.utilization();
		float[] stalled = new float[utilization.length];
		for (int i = 0; i < stalled.length; i++) {
			stalled[i] = (history.lagMaxNanos()[i] >= stallThreshold.toNanos()) ? utilization[i] : 0;
		}
		return new LoopLoad(loop, mean(utilization, seconds), mean(history.cpuUtilization(), seconds),
				mean(stalled, seconds));
	}

	/** Return the mean of the last values. */
	static double mean(float[] values, int seconds) {
		double sum = 0;
		int from = Math.max(0, values.length - seconds);
		for (int i = from; i < values.length; i++) {
			sum += values[i];
		}
		return (values.length > from) ? sum / (values.length - from) : 0;
	}

	/** Return whether stalls are the reason that the loop is busy. */
	boolean isMostlyStalled() {
		return this.stalledShare > this.utilization / 2;
	}

	/** Return whether the loop uses a CPU while it is busy, as far as that is known. */
	boolean isComputing() {
		return Double.isNaN(this.cpuUtilization) || this.cpuUtilization > this.utilization * Thresholds.COMPUTING_SHARE;
	}

	static List<String> names(List<LoopLoad> loads) {
		return loads.stream().map((load) -> load.loop().name()).toList();
	}

}
