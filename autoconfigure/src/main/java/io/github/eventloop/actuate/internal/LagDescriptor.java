package io.github.eventloop.actuate.internal;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import io.github.eventloop.monitor.Lag;

/**
 * Lag in milliseconds: how long an event that becomes ready at a random instant waits.
 *
 * @param meanMillis the mean
 * @param p50Millis the median
 * @param p90Millis the 90th percentile
 * @param p99Millis the 99th percentile
 * @param maxMillis the longest
 */
@JsonPropertyOrder({ "meanMillis", "p50Millis", "p90Millis", "p99Millis", "maxMillis" })
public record LagDescriptor(double meanMillis, double p50Millis, double p90Millis, double p99Millis, double maxMillis) {

	static LagDescriptor of(Lag lag) {
		return new LagDescriptor(Numbers.millis(lag.meanNanos()), Numbers.millis(lag.p50Nanos()),
				Numbers.millis(lag.p90Nanos()), Numbers.millis(lag.p99Nanos()), Numbers.millis(lag.maxNanos()));
	}

}
